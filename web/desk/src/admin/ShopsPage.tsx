/**
 * Shop connections: where a shop's own system answers, and whether it does so by the contract.
 */
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { shopReason } from "../frame/told";
import { useNow } from "../live/DeskLine";
import { exactClock, fullTime } from "../words/telling";
import { useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { Line } from "./fields";
import { type Column, Records, RowName } from "./Records";
import { useRecords } from "./records";
import { SecretOnce } from "./SecretOnce";
import { ShopConnection } from "./ShopConnection";
import css from "./ShopsPage.module.css";
import type { Shop } from "./shapes";

interface ShopDraft {
  name: string;
  base_url: string;
}

export interface NewSecret {
  key_id: string;
  secret: string;
}

export function ShopsPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const query = useRecords<Shop>("shops");
  const editing = useEditing<Shop>();
  const [told, setTold] = useState<NewSecret>();
  return (
    <>
      <Records
        title={t("shops.title")}
        hint={t("shops.hint")}
        empty={t("shops.empty")}
        icon="shop"
        query={query}
        columns={useColumns(editing.start)}
        add={editable ? t("shops.add") : undefined}
        open={editing.start}
      />
      <EditDrawer<ShopDraft, Shop & Partial<NewSecret>>
        {...editing}
        kind="shops"
        editable={editable}
        id={editing.row?.id}
        size={560}
        title={editing.row ? editing.row.name : t("shops.add")}
        initial={
          editing.row
            ? { name: editing.row.name, base_url: editing.row.base_url }
            : { name: "", base_url: "" }
        }
        archive={{
          title: t("shops.archive", { name: editing.row?.name ?? "" }),
          hint: t("shops.archive.hint"),
        }}
        beside={editing.row && <ShopConnection shop={editing.row} editable={editable} tell={setTold} />}
        saved={({ key_id, secret }) => secret && setTold({ key_id, secret })}
      >
        <ShopFields />
      </EditDrawer>
      <SecretOnce
        open={told !== undefined}
        title={t("shop.secret.once")}
        hint={t("secret.hint")}
        lines={
          told
            ? [
                [t("shop.key_id"), told.key_id],
                [t("secret.secret"), told.secret],
              ]
            : []
        }
        close={() => setTold(undefined)}
      />
    </>
  );
}

function ShopFields() {
  const { t } = useWords();
  return (
    <>
      <Line name="name" label={t("field.name")} longest={40} required />
      <Line
        name="base_url"
        label={t("shop.base_url")}
        hint={t("shop.base_url.hint")}
        longest={300}
        placeholder="https://shop.example/connector/v1"
        required
      />
    </>
  );
}

function useColumns(open: (row: Shop) => void): Column<Shop>[] {
  const { t, locale } = useWords();
  return [
    {
      key: "name",
      title: t("field.name"),
      show: (row) => <RowName name={row.name} detail={row.base_url} open={() => open(row)} />,
    },
    { key: "state", title: t("shop.state"), width: 320, from: "sm", show: (row) => <ShopState shop={row} /> },
    {
      key: "answered",
      title: t("shop.last_answer"),
      width: 176,
      from: "lg",
      show: (row) => (row.last_answer_at ? fullTime(locale, row.last_answer_at) : t("shop.never")),
    },
  ];
}

function ShopState({ shop }: { shop: Shop }) {
  const { t, locale } = useWords();
  const now = useNow();
  const state = shop.last_error ? "bad" : shop.last_answer_at ? "good" : "unknown";
  const rests = shop.down_until && Date.parse(shop.down_until) > now ? shop.down_until : undefined;
  return (
    <div className={css.state} data-state={state}>
      <Icon name={state === "good" ? "check" : state === "bad" ? "warning" : "clock"} />
      <div>
        {t(`shop.state.${state}`)}
        {shop.last_error && <p>{t(shopReason(shop.last_error))}</p>}
        {rests && <p>{t("shop.rests", { time: exactClock(locale, rests) })}</p>}
      </div>
    </div>
  );
}
