/**
 * The form of an incident: what it is in both languages, from when until when, whom it answers, and how that looks.
 */
import { Form, Select } from "antd";
import { FieldGroup } from "../admin/FieldGroup";
import { Line, Paragraph } from "../admin/fields";
import { MomentField } from "../admin/MomentField";
import { useRecords, useTopicOptions } from "../admin/records";
import { Choice } from "../frame/Choice";
import { clock, fullTime, sameDay } from "../words/telling";
import { useWords } from "../words/words";
import css from "./IncidentsPage.module.css";

export function IncidentFields({ isNew }: { isNew: boolean }) {
  const { t } = useWords();
  return (
    <>
      <FieldGroup title={t("incidents.group.words")}>
        <Line
          name="title"
          label={t("incidents.name")}
          longest={80}
          required
          placeholder={t("incidents.name.example")}
        />
        <Paragraph name="text" label={t("incidents.text")} hint={t("incidents.text.hint")} longest={1000} />
        <Line name="title_en" label={t("incidents.name_en")} hint={t("incidents.en.hint")} longest={80} />
        <Paragraph name="text_en" label={t("incidents.text_en")} longest={1000} />
      </FieldGroup>
      <FieldGroup title={t("incidents.group.when")}>
        <MomentField
          name="starts_at"
          label={t("incidents.starts")}
          hint={t(isNew ? "incidents.starts.hint" : "incidents.starts.told")}
        />
        <MomentField name="ends_at" label={t("incidents.ends")} hint={t("incidents.ends.hint")} />
      </FieldGroup>
      <FieldGroup title={t("incidents.group.whom")}>
        <CodesField />
        {isNew && <ShopField />}
      </FieldGroup>
      <FieldGroup title={t("incidents.group.preview")}>
        <Preview />
      </FieldGroup>
    </>
  );
}

function CodesField() {
  const { t } = useWords();
  return (
    <Form.Item name="codes" label={t("incidents.codes")} extra={t("incidents.codes.hint")}>
      <Choice<string[]>
        mode="multiple"
        placeholder={t("incidents.banner_only")}
        options={useTopicOptions()}
        showSearch={{ optionFilterProp: "label" }}
      />
    </Form.Item>
  );
}

/** Only where there is a choice. */
function ShopField() {
  const { t } = useWords();
  const shops = useRecords<{ id: string; name: string }>("shops").data ?? [];
  if (shops.length < 2) return null;
  return (
    <Form.Item name="shop" label={t("incidents.shop")} extra={t("incidents.shop.hint")}>
      <Select
        allowClear
        placeholder={t("incidents.everywhere")}
        options={shops.map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Form.Item>
  );
}

/** The banner, and the first answer to whoever comes with one of the codes. */
function Preview() {
  const { t, locale } = useWords();
  const form = Form.useFormInstance();
  const title: string = Form.useWatch("title", form) ?? "";
  const text: string = Form.useWatch("text", form) ?? "";
  const starts: string | null = Form.useWatch("starts_at", form) ?? null;
  const ends: string | null = Form.useWatch("ends_at", form) ?? null;
  const codes: string[] = Form.useWatch("codes", form) ?? [];
  const from = starts ?? new Date().toISOString();
  const when = ends
    ? `${fullTime(locale, from)} – ${sameDay(from, ends) ? clock(locale, ends) : fullTime(locale, ends)}`
    : t("incident.since", { time: fullTime(locale, from) });
  return (
    <>
      <p className={css.caption}>{t("incidents.preview.banner")}</p>
      <div className={css.banner}>
        <b dir="auto">{title || t("incidents.name.example")}</b>
        <span>{when}</span>
      </div>
      <p className={css.caption}>
        {codes.length > 0
          ? t("incidents.preview.answer", { codes: codes.join(" ") })
          : t("incidents.preview.none")}
      </p>
      {codes.length > 0 && (
        <div className={css.bubble} dir="auto">
          {[title || t("incidents.name.example"), when, text, t("incidents.preview.place")]
            .filter(Boolean)
            .join("\n")}
        </div>
      )}
    </>
  );
}
