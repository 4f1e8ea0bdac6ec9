/**
 * The form of one site: its origins, its shop, and how the button and chat look there, with a live preview.
 */
import { ColorPicker, Form, Segmented, Select, Switch } from "antd";
import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import { contrast } from "./contrast";
import { Line, Paragraph, Tags } from "./fields";
import { useRecords } from "./records";
import css from "./SiteFields.module.css";
import { SitePreview } from "./SitePreview";
import type { Looks, Shop } from "./shapes";

export interface SiteDraft {
  name: string;
  origins: string[];
  shop: string | null;
  looks: Looks;
  vip_tiers: string[];
}

const ORIGIN = /^https?:\/\/[^\s/?#@]+\/?$/i;
const PLACEMENTS: Looks["placement"][] = ["button", "side-tab", "inline", "top-link"];
const POSITIONS: Looks["position"][] = ["left", "right"];

export function SiteFields() {
  const { t } = useWords();
  const shops = useRecords<Shop>("shops").data ?? [];
  return (
    <>
      <Line name="name" label={t("field.name")} longest={40} required />
      <Form.Item
        name="origins"
        label={t("site.origins")}
        extra={t("site.origins.hint")}
        rules={[
          {
            validator: (_, origins: string[]) => {
              const wrong = origins.find((origin) => !ORIGIN.test(origin.trim()));
              return wrong
                ? Promise.reject(new Error(t("invalid.origins", { value: wrong })))
                : Promise.resolve();
            },
          },
        ]}
      >
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[" ", ","]}
          placeholder="https://shop.example"
        />
      </Form.Item>
      <Form.Item name="shop" label={t("site.shop")} extra={t("site.shop.hint")}>
        <Select
          allowClear
          placeholder={t("site.no_shop")}
          options={shops.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Tags
        name="vip_tiers"
        label={t("site.vip_tiers")}
        hint={t("site.vip_tiers.hint")}
        placeholder={t("site.vip_tiers.placeholder")}
        most={3}
      />
      <LooksFields />
    </>
  );
}

function LooksFields() {
  const { t } = useWords();
  const form = Form.useFormInstance<SiteDraft>();
  const looks = Form.useWatch("looks", form);
  const name = Form.useWatch("name", form);
  return (
    <section className={css.looks}>
      <h2>{t("looks.title")}</h2>
      {looks && <SitePreview looks={looks} name={name} />}
      <Form.Item
        name={["looks", "colour"]}
        label={t("looks.colour")}
        extra={looks && <ContrastHint colour={looks.colour} />}
        getValueFromEvent={(colour: { toHexString(): string }) => colour.toHexString().slice(0, 7)}
      >
        <ColorPicker showText disabledAlpha format="hex" disabledFormat />
      </Form.Item>
      <Form.Item name={["looks", "placement"]} label={t("looks.placement")}>
        <Segmented
          aria-label={t("looks.placement")}
          options={PLACEMENTS.map((value) => ({ value, label: t(`looks.placement.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name={["looks", "position"]} label={t("looks.position")}>
        <Segmented
          aria-label={t("looks.position")}
          options={POSITIONS.map((value) => ({ value, label: t(`looks.position.${value}`) }))}
        />
      </Form.Item>
      <div className={css.pair}>
        <Line name={["looks", "title"]} label={t("looks.name")} longest={40} />
        <Line name={["looks", "title_en"]} label={t("looks.name_en")} longest={40} />
      </div>
      <Paragraph
        name={["looks", "greeting"]}
        label={t("looks.greeting")}
        hint={t("looks.greeting.hint")}
        longest={300}
      />
      <Paragraph name={["looks", "greeting_en"]} label={t("looks.greeting_en")} longest={300} />
      <Form.Item
        name={["looks", "demonstration"]}
        label={t("looks.demonstration")}
        extra={t("looks.demonstration.hint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </section>
  );
}

/** A colour too pale to be found on a white page is darkened by the widget; better to say so here. */
function ContrastHint({ colour }: { colour: string }) {
  const { t } = useWords();
  const ratio = contrast(colour, "#ffffff");
  const enough = ratio >= 3;
  return (
    <span className={css.contrast} data-enough={enough}>
      <Icon name={enough ? "check" : "warning"} />{" "}
      {t(enough ? "looks.contrast.good" : "looks.contrast.pale", { ratio: ratio.toFixed(1) })}
    </span>
  );
}
