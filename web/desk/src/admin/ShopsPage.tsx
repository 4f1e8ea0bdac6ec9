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
import { startOf, typed } from "./KindFields";
import { type Column, Records, RowName } from "./Records";
import { useRecords } from "./records";
import { SecretOnce } from "./SecretOnce";
import { ShopConnection } from "./ShopConnection";
import { ShopFields } from "./ShopFields";
import { ShopProviders } from "./ShopProviders";
import css from "./ShopsPage.module.css";
import type { Shop, ShopKind } from "./shapes";

interface ShopDraft {
  name: string;
  kind: string;
  base_url: string;
  customer_actions: string[];
  actions_a_day: number;
}

const NO_KINDS: ShopKind[] = [];
const fieldsOf = (kinds: ShopKind[], kind: string) => kinds.find((one) => one.name === kind)?.fields ?? [];

/** Of a new shop the fields of every kind begin: which kind it is is chosen in the form. */
const startAt = (kinds: ShopKind[], shop: Shop | undefined): ShopDraft => ({
  ...startOf(shop ? fieldsOf(kinds, shop.kind) : kinds.flatMap(({ fields }) => fields), shop?.settings),
  name: shop?.name ?? "",
  kind: shop?.kind ?? "http",
  base_url: shop?.base_url ?? "",
  customer_actions: shop?.customer_actions ?? ["resend"],
  actions_a_day: shop?.actions_a_day ?? 3,
});

export interface NewSecret {
  key_id: string;
  secret: string;
}

export function ShopsPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const query = useRecords<Shop>("shops");
  const kinds = useRecords<ShopKind>("shop-kinds").data ?? NO_KINDS;
  const editing = useEditing<Shop>();
  const [told, setTold] = useState<NewSecret>();
  const current = query.data?.find((shop) => shop.id === editing.row?.id) ?? editing.row;
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
        initial={startAt(kinds, current)}
        draft={({ name, kind, base_url, customer_actions, actions_a_day, ...rest }) => ({
          name,
          kind: current?.kind ?? kind,
          base_url,
          customer_actions: customer_actions ?? current?.customer_actions ?? [],
          actions_a_day: actions_a_day ?? current?.actions_a_day ?? 0,
          fields: typed(fieldsOf(kinds, current?.kind ?? kind), rest),
        })}
        archive={{
          title: t("shops.archive", { name: editing.row?.name ?? "" }),
          hint: t("shops.archive.hint"),
        }}
        beside={
          current && (
            <>
              <ShopConnection shop={current} kinds={kinds} editable={editable} tell={setTold} />
              <ShopProviders shop={current} editable={editable} />
            </>
          )
        }
        saved={(saved) => {
          if (saved.secret) setTold({ key_id: saved.key_id, secret: saved.secret });
          if (!editing.row) editing.start(saved);
        }}
      >
        <ShopFields kinds={kinds} shop={current} />
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
