/**
 * Sites: the places on the web that carry the button, how it looks there, and the keys that sign customers in.
 */
import { useState } from "react";
import { useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { type Column, Records, RowName } from "./Records";
import { useRecords } from "./records";
import { type SiteDraft, SiteFields } from "./SiteFields";
import { SiteKeys } from "./SiteKeys";
import { SiteSnippet } from "./SiteSnippet";
import css from "./SitesPage.module.css";
import type { Shop, Site } from "./shapes";

const NEW: SiteDraft = {
  name: "",
  origins: [],
  shop: null,
  vip_tiers: [],
  looks: {
    colour: "#1a56db",
    title: "",
    title_en: "",
    greeting: "",
    greeting_en: "",
    placement: "button",
    position: "right",
    demonstration: true,
  },
};

export function SitesPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const query = useRecords<Site>("sites");
  const editing = useEditing<Site>();
  const [made, setMade] = useState<string>();
  const current = query.data?.find((site) => site.id === editing.row?.id) ?? editing.row;
  return (
    <>
      <Records
        title={t("sites.title")}
        hint={t("sites.hint")}
        empty={t("sites.empty")}
        icon="site"
        query={query}
        columns={useColumns(editing.start)}
        add={editable ? t("sites.add") : undefined}
        open={editing.start}
      />
      <EditDrawer<SiteDraft, Site>
        {...editing}
        kind="sites"
        editable={editable}
        id={editing.row?.id}
        size={640}
        title={editing.row ? editing.row.name : t("sites.add")}
        initial={editing.row ? pick(editing.row) : NEW}
        draft={(values) => ({ ...values, shop: values.shop || null })}
        archive={{
          title: t("sites.archive", { name: editing.row?.name ?? "" }),
          hint: t("sites.archive.hint"),
        }}
        above={current?.snippet && <SiteSnippet snippet={current.snippet} made={current.id === made} />}
        beside={current && <SiteKeys site={current} editable={editable} />}
        saved={(saved) => {
          if (editing.row) return;
          setMade(saved.id);
          editing.start(saved);
        }}
      >
        <SiteFields />
      </EditDrawer>
    </>
  );
}

const pick = ({ name, origins, shop, looks, vip_tiers }: Site): SiteDraft => ({
  name,
  origins,
  shop: shop ?? null,
  looks,
  vip_tiers,
});

function useColumns(open: (row: Site) => void): Column<Site>[] {
  const { t } = useWords();
  const shops = useRecords<Shop>("shops").data ?? [];
  return [
    {
      key: "name",
      title: t("field.name"),
      show: (row) => (
        <div className={css.site}>
          <span className={css.colour} style={{ background: row.looks.colour }} />
          <RowName name={row.name} detail={row.id} open={() => open(row)} />
        </div>
      ),
    },
    {
      key: "origins",
      title: t("site.origins"),
      from: "md",
      show: (row) => row.origins.map((origin) => <div key={origin}>{origin}</div>),
    },
    {
      key: "shop",
      title: t("site.shop"),
      width: 160,
      from: "sm",
      show: (row) => shops.find((shop) => shop.id === row.shop)?.name ?? t("site.no_shop"),
    },
    {
      key: "keys",
      title: t("site.keys"),
      width: 96,
      align: "right",
      from: "lg",
      show: (row) => row.keys?.length ?? 0,
    },
  ];
}
