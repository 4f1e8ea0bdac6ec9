/**
 * Incidents: what keeps many customers waiting, now, soon and before; opened, changed and ended here.
 *
 * The numbers grow while one is on, so they are asked for again and again.
 */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useLocation } from "wouter";
import { EditDrawer } from "../admin/EditDrawer";
import { useEditing } from "../admin/editing";
import { type Column, Records, RowName } from "../admin/Records";
import { recordsKey } from "../admin/records";
import { Icon } from "../frame/Icon";
import { get } from "../server/http";
import { clock, fullTime, sameDay } from "../words/telling";
import { type Locale, type Tell, useWords } from "../words/words";
import { shownFilters } from "../work/list/Narrowing";
import { EndDialog } from "./EndDialog";
import { IncidentFields } from "./IncidentFields";
import css from "./IncidentsPage.module.css";
import { type IncidentDraft, type IncidentRow, NEW_INCIDENT } from "./shapes";

const LOOK_AGAIN = 10_000;

export function IncidentsPage() {
  const { t } = useWords();
  const editing = useEditing<IncidentRow>();
  const [ends, setEnds] = useState<string>();
  const { row } = editing;
  const query = useQuery({
    queryKey: recordsKey("incidents"),
    queryFn: () => get<IncidentRow[]>("/admin/incidents"),
    refetchInterval: LOOK_AGAIN,
  });
  const ending = query.data?.find((one) => one.id === ends);
  /** How many it reaches is said before it is done: as of now, not of the last look. */
  const end = ({ id }: IncidentRow) => {
    setEnds(id);
    void query.refetch();
  };
  const editable = !row || (row.source === "operator" && row.state !== "over");
  return (
    <>
      <Records
        title={t("incidents.title")}
        hint={t("incidents.hint")}
        empty={t("incidents.empty")}
        icon="warning"
        query={query}
        columns={useColumns(editing.start, end)}
        add={t("incidents.add")}
        open={editing.start}
      />
      <EditDrawer<IncidentDraft, IncidentRow>
        {...editing}
        kind="incidents"
        editable={editable}
        id={row?.id}
        size={600}
        title={row ? row.title : t("incidents.add")}
        initial={row ? draftOf(row) : NEW_INCIDENT}
        draft={(values) => (row ? { ...values, version: row.version } : values)}
        above={row && <About row={row} />}
      >
        <IncidentFields isNew={!row} />
      </EditDrawer>
      {ending && <EndDialog key={ending.id} incident={ending} close={() => setEnds(undefined)} />}
    </>
  );
}

const draftOf = ({
  title,
  title_en,
  text,
  text_en,
  starts_at,
  ends_at,
  codes,
}: IncidentRow): IncidentDraft => ({
  title,
  title_en,
  text,
  text_en,
  starts_at,
  ends_at,
  codes,
});

/** Why it cannot be changed, and what was said at its end. */
function About({ row }: { row: IncidentRow }) {
  const { t, locale } = useWords();
  if (row.state === "over")
    return (
      <div className={css.about} role="note">
        <p>
          {t(`incidents.over.${row.closed_by ?? "time"}`, {
            time: fullTime(locale, row.closed_at ?? row.ends_at ?? row.starts_at),
          })}
        </p>
        <p>
          {row.quiet
            ? t("incidents.ended_quietly")
            : t("incidents.ended_with", { n: row.counts.ended_told, text: row.end_text })}
        </p>
      </div>
    );
  if (row.source === "shop")
    return (
      <p className={css.about} role="note">
        {t("incidents.shops_own")}
      </p>
    );
  return null;
}

/** From when until when; the day is said again where it is another. */
function spanOf(t: Tell, locale: Locale, { starts_at, ends_at }: IncidentRow): string {
  const from = fullTime(locale, starts_at);
  if (!ends_at) return t("incident.since", { time: from });
  return `${from} – ${sameDay(starts_at, ends_at) ? clock(locale, ends_at) : fullTime(locale, ends_at)}`;
}

function useColumns(
  open: (row: IncidentRow) => void,
  end: (row: IncidentRow) => void,
): Column<IncidentRow>[] {
  const { t, locale } = useWords();
  return [
    {
      key: "title",
      title: t("incidents.name"),
      show: (row) => (
        <>
          <RowName
            name={(locale === "en" && row.title_en) || row.title}
            detail={row.source === "shop" ? t("incidents.by_shop", { shop: row.shop ?? "" }) : undefined}
            open={() => open(row)}
          />
          <div className={css.when}>{spanOf(t, locale, row)}</div>
        </>
      ),
    },
    {
      key: "state",
      title: t("incidents.state"),
      width: 96,
      show: (row) => (
        <span className={css.state} data-state={row.state}>
          {t(`incidents.state.${row.state}`)}
        </span>
      ),
    },
    { key: "codes", title: t("incidents.codes"), width: 150, from: "md", show: (row) => <Codes row={row} /> },
    {
      key: "counts",
      title: t("incidents.counts"),
      width: 190,
      from: "sm",
      show: (row) => <Counted row={row} />,
    },
    {
      key: "end",
      title: t("incidents.action"),
      width: 90,
      align: "right",
      show: (row) =>
        row.state !== "over" && (
          <Button
            size="small"
            danger
            aria-label={t("incidents.end.of", { title: row.title })}
            onClick={() => end(row)}
          >
            {t("incidents.end")}
          </Button>
        ),
    },
  ];
}

function Codes({ row }: { row: IncidentRow }) {
  const { t } = useWords();
  if (row.codes.length === 0) return <span className={css.faint}>{t("incidents.banner_only")}</span>;
  return (
    <span className={css.codes}>
      {row.codes.map((code) =>
        row.unknown.includes(code) ? (
          <del key={code} title={t("incidents.unknown")}>
            {code}
          </del>
        ) : (
          <code key={code}>{code}</code>
        ),
      )}
    </span>
  );
}

/** How many are affected, which leads to them, and how many were told. */
function Counted({ row }: { row: IncidentRow }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const { affected, told, ended_told } = row.counts;
  if (row.state === "announced") return <span className={css.faint}>–</span>;
  const look = () => {
    shownFilters.set({ incident: row.id });
    go("/");
  };
  return (
    <>
      <Button type="link" size="small" className={css.look} disabled={affected === 0} onClick={look}>
        <Icon name="people" /> {t("incidents.affected", { n: affected })}
      </Button>
      <div className={css.faint}>
        {row.state === "over" && !row.quiet
          ? t("incidents.ended_told", { n: ended_told })
          : t("incidents.told", { n: told })}
      </div>
    </>
  );
}
