/**
 * Opening hours: for all departments, and for those that differ.
 */
import { useQuery } from "@tanstack/react-query";
import { Icon } from "../frame/Icon";
import { get } from "../server/http";
import { fullTime } from "../words/telling";
import { type Tell, useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { Paragraph } from "./fields";
import css from "./PersonState.module.css";
import { type Column, Records, RowName } from "./Records";
import type { Hours, Week } from "./shapes";
import { WeekField } from "./WeekField";

interface HoursDraft {
  week: Week;
  closed_text: string;
  closed_text_en: string;
}

interface HoursAnswer {
  zone: string;
  hours: Hours[];
}

const EVERYWHERE = "everywhere";
const WORKING: Week = Array.from({ length: 7 }, () => [{ opens: "09:00", closes: "18:00" }]);
const ask = () => get<HoursAnswer>("/admin/hours");

export function HoursPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const query = useQuery({ queryKey: ["admin", "hours"], queryFn: ask, select: ({ hours }) => hours });
  const zone = useQuery({ queryKey: ["admin", "hours"], queryFn: ask, select: (answer) => answer.zone });
  const editing = useEditing<Hours>();
  const name = editing.row ? nameOf(t, editing.row) : "";
  return (
    <>
      <Records
        title={t("hours.title")}
        hint={t("hours.hint", { zone: zone.data ?? "…" })}
        empty={t("departments.empty")}
        icon="clock"
        query={query}
        columns={useColumns(editing.start)}
        open={editing.start}
      />
      <EditDrawer<HoursDraft, unknown>
        {...editing}
        kind="hours"
        editable={editable}
        id={editing.row?.id}
        size={560}
        title={name}
        initial={draftOf(editing.row)}
        archive={
          editing.row?.own
            ? {
                title: t("hours.reset.title", { name }),
                hint: t("hours.reset.hint"),
                word: t("hours.reset"),
                done: t("hours.reset.done"),
              }
            : undefined
        }
      >
        <WeekField name="week" label={t("hours.week")} />
        <Paragraph
          name="closed_text"
          label={t("hours.fields.text")}
          longest={500}
          hint={t("hours.fields.text.hint")}
        />
        <Paragraph name="closed_text_en" label={t("hours.fields.text_en")} longest={500} />
      </EditDrawer>
    </>
  );
}

const nameOf = (t: Tell, row: Hours) => (row.id === EVERYWHERE ? t("hours.everywhere") : row.name);

const draftOf = (row?: Hours): HoursDraft => ({
  week: row?.week ?? WORKING,
  closed_text: row?.closed_text ?? "",
  closed_text_en: row?.closed_text_en ?? "",
});

function useColumns(open: (row: Hours) => void): Column<Hours>[] {
  const { t, locale } = useWords();
  return [
    {
      key: "name",
      title: t("hours.scope"),
      show: (row) => (
        <RowName
          name={nameOf(t, row)}
          detail={row.id !== EVERYWHERE && t(row.own ? "hours.own" : "hours.follows")}
          open={() => open(row)}
        />
      ),
    },
    {
      key: "week",
      title: t("hours.week"),
      from: "md",
      show: (row) => (row.week ? summary(t, row.week) : t("hours.always")),
    },
    {
      key: "state",
      title: t("hours.state"),
      width: 200,
      show: (row) => (
        <>
          <span className={css.state} data-state={row.open_now ? "online" : "away"}>
            <Icon name={row.open_now ? "check" : "clock"} />{" "}
            {t(row.open_now ? "hours.open_now" : "hours.closed_now")}
          </span>
          {row.opens_at && (
            <small className={css.until}>{t("hours.until", { at: fullTime(locale, row.opens_at) })}</small>
          )}
        </>
      ),
    },
  ];
}

/** Days in a row with the same times are told as one: "Monday–Friday 09:00–18:00". */
function summary(t: Tell, week: Week): string {
  const told = week.map(
    (day) =>
      day.map(({ opens, closes }) => `${opens}–${closes}`).join(t("list.separator")) || t("hours.closed"),
  );
  const runs: [from: number, to: number][] = [];
  told.forEach((times, day) => {
    const last = runs.at(-1);
    if (last && told[last[0]] === times) last[1] = day;
    else runs.push([day, day]);
  });
  const day = (number: number) => t(`day.${number as 0}`);
  return runs
    .map(([from, to]) => `${day(from)}${from === to ? "" : `–${day(to)}`} ${told[from]}`)
    .join(t("list.separator"));
}
