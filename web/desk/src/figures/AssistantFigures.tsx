/**
 * What the assistant solved, and everything that number is made of.
 *
 * Each consultation is one thing only (see insights.resolution), so the bar has no double counts.
 */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Segmented, Table } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import { get } from "../server/http";
import { day } from "../words/telling";
import { useWords, type WordKey } from "../words/words";
import css from "./AssistantFigures.module.css";
import page from "./FiguresPage.module.css";
import { type Days, PERIODS, type Spread } from "./shapes";
import { took } from "./took";

const OUTCOMES = [
  "resolved",
  "person",
  "not_helpful",
  "came_back",
  "unanswered",
  "pending",
  "silent",
  "open",
] as const;
type Outcome = (typeof OUTCOMES)[number];

interface ArticleFigures {
  id: string;
  key: string;
  title: string;
  shown: number;
  helpful: number;
  wrong: number;
  held_back: boolean;
}

interface Resolution {
  since: string;
  until: string;
  consultations: number;
  assisted: number;
  outcomes: Record<Outcome, number>;
  decided: number;
  rate: number | null;
  wrong: number | null;
  reasons: { kind: string; n: number }[];
  answers: { shown: number; helpful: number; refused: number; handed_over: number };
  articles: ArticleFigures[];
  offered_while_waiting: number;
  solved_while_waiting: number;
  first_response_assisted: Spread;
  first_response_others: Spread;
}

export function AssistantFigures() {
  const { t } = useWords();
  const [days, setDays] = useState<Days>(30);
  const figures = useQuery({
    queryKey: ["assistant-figures", days],
    queryFn: () => get<Resolution>(`/desk/assistant-figures?days=${days}`),
    placeholderData: keepPreviousData,
  });
  return (
    <div className={page.page}>
      <header className={page.head}>
        <div>
          <h1>{t("resolution.title")}</h1>
          <p>{t("resolution.hint")}</p>
        </div>
        <Segmented<Days>
          aria-label={t("figures.period")}
          value={days}
          onChange={setDays}
          options={PERIODS.map((value) => ({ value, label: t("figures.days", { n: value }) }))}
        />
      </header>
      {figures.data ? (
        <Whole figures={figures.data} />
      ) : figures.isPending ? (
        <Loading />
      ) : (
        <Trouble error={figures.error} again={() => void figures.refetch()} />
      )}
    </div>
  );
}

function Whole({ figures }: { figures: Resolution }) {
  const { t, locale } = useWords();
  if (figures.assisted + figures.offered_while_waiting === 0)
    return (
      <div className={page.empty}>
        <Nothing icon="info" title={t("resolution.empty")} hint={t("resolution.empty.hint")} />
      </div>
    );
  const { outcomes, decided } = figures;
  return (
    <>
      <p className={page.detail}>
        {t("figures.since", {
          since: day(locale, `${figures.since}T12:00Z`),
          until: day(locale, `${figures.until}T12:00Z`),
        })}
        {locale === "en" ? " " : ""}
        {t("resolution.of", { all: figures.consultations, n: figures.assisted })}
      </p>
      <section className={css.card} aria-labelledby="resolution-rate">
        <h2 id="resolution-rate">{t("resolution.rate")}</h2>
        <p className={css.big}>
          {figures.rate === null ? "–" : <Percent share={figures.rate} />}
          <span>
            {decided
              ? t("resolution.made", { resolved: outcomes.resolved, decided })
              : t("resolution.undecided")}
          </span>
        </p>
        <Outcomes figures={figures} />
        <details className={css.how}>
          <summary>{t("resolution.how")}</summary>
          <p>{t("resolution.how.text")}</p>
        </details>
      </section>
      <div className={css.small}>
        <Wrong figures={figures} />
        <First figures={figures} />
        <Beside figures={figures} />
      </div>
      {figures.reasons.length > 0 && <Reasons figures={figures} />}
      {figures.articles.length > 0 && <Articles articles={figures.articles} />}
    </>
  );
}

function Percent({ share }: { share: number }) {
  const { locale } = useWords();
  return <b>{new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share)}</b>;
}

/** One bar, and the same in words. */
function Outcomes({ figures: { outcomes, assisted } }: { figures: Resolution }) {
  const { t, locale } = useWords();
  const there = OUTCOMES.filter((one) => outcomes[one] > 0);
  return (
    <>
      <div className={css.bar} aria-hidden="true">
        {there.map((one) => (
          <i key={one} data-outcome={one} style={{ flexGrow: outcomes[one] / assisted }} />
        ))}
      </div>
      <ul className={css.legend}>
        {there.map((one) => (
          <li key={one}>
            <i data-outcome={one} aria-hidden="true" />
            {t(`resolution.outcome.${one}`)} <b>{new Intl.NumberFormat(locale).format(outcomes[one])}</b>
          </li>
        ))}
      </ul>
    </>
  );
}

function Wrong({ figures: { answers, wrong } }: { figures: Resolution }) {
  const { t } = useWords();
  return (
    <section className={css.card} aria-labelledby="resolution-wrong">
      <h2 id="resolution-wrong">{t("resolution.wrong")}</h2>
      <p className={css.middle}>{wrong === null ? "–" : <Percent share={wrong} />}</p>
      <p>{t("resolution.wrong.made", answers)}</p>
    </section>
  );
}

function First({ figures }: { figures: Resolution }) {
  const { t } = useWords();
  const { first_response_assisted: assisted, first_response_others: others } = figures;
  return (
    <section className={css.card} aria-labelledby="resolution-first">
      <h2 id="resolution-first">{t("resolution.first")}</h2>
      <p className={css.middle}>
        <b>{took(t, assisted.median ?? null)}</b>
      </p>
      <p>
        {others.n > 0 && t("resolution.first.others", { time: took(t, others.median ?? null), n: others.n })}{" "}
        {t("resolution.first.hint")}
      </p>
    </section>
  );
}

function Beside({ figures }: { figures: Resolution }) {
  const { t, locale } = useWords();
  return (
    <section className={css.card} aria-labelledby="resolution-beside">
      <h2 id="resolution-beside">{t("resolution.beside")}</h2>
      <p className={css.middle}>
        <b>{new Intl.NumberFormat(locale).format(figures.solved_while_waiting)}</b>
      </p>
      <p>{t("resolution.beside.of", { n: figures.offered_while_waiting })}</p>
    </section>
  );
}

function Reasons({ figures: { reasons } }: { figures: Resolution }) {
  const { t, locale } = useWords();
  const times = reasons.reduce((sum, { n }) => sum + n, 0); // who was handed over twice counts for both
  return (
    <section className={page.part} aria-labelledby="resolution-reasons">
      <h2 id="resolution-reasons">{t("resolution.reasons", { n: times })}</h2>
      <ul className={css.reasons}>
        {reasons.map(({ kind, n }) => (
          <li key={kind}>
            <span>{t(`resolution.reason.${kind}` as WordKey)}</span>
            <i aria-hidden="true" style={{ width: `${(100 * n) / times}%` }} />
            <b>{new Intl.NumberFormat(locale).format(n)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Articles({ articles }: { articles: ArticleFigures[] }) {
  const { t } = useWords();
  const count = (name: "shown" | "helpful" | "wrong") => ({
    title: t(`resolution.article.${name}`),
    dataIndex: name,
    align: "right" as const,
    width: 78,
    sorter: (one: ArticleFigures, other: ArticleFigures) => one[name] - other[name],
  });
  return (
    <section className={page.part} aria-labelledby="resolution-articles">
      <h2 id="resolution-articles">{t("resolution.articles")}</h2>
      <div className={page.table}>
        <Table<ArticleFigures>
          rowKey="id"
          size="middle"
          pagination={false}
          dataSource={articles}
          columns={[
            {
              title: t("resolution.article"),
              dataIndex: "title",
              render: (title: string, { held_back }) => (
                <span className={css.title}>
                  {title}
                  {held_back && <small>{t("resolution.article.held_back")}</small>}
                </span>
              ),
            },
            count("shown"),
            count("helpful"),
            count("wrong"),
          ]}
        />
      </div>
      <p className={page.hint}>
        <Icon name="info" /> {t("resolution.article.hint")}
      </p>
    </section>
  );
}
