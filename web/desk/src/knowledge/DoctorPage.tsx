/**
 * The knowledge doctor: how well questions find their answers when phrasings are held back, which answers are taken
 * for each other, which are hardly asked for, and what more phrasings would bring.
 */
import { Link } from "wouter";
import { Loading, Nothing, Trouble } from "../frame/States";
import { useNow } from "../live/DeskLine";
import { dayAndTime } from "../words/telling";
import { type Locale, useWords } from "../words/words";
import { BackToList } from "./ArticleHead";
import css from "./DoctorPage.module.css";
import { type Examination, type Examined, type Held, type Pair, useExamined } from "./doctor";
import { Shelf } from "./Shelf";
import { SilenceNote } from "./SilenceNote";

export function DoctorPage() {
  const { t, locale } = useWords();
  const now = useNow();
  const examined = useExamined();
  const { found, examined_at, titles } = examined.data ?? {};
  return (
    <Shelf title={t("doctor.title")} hint={t("doctor.hint")} back={<BackToList />}>
      <SilenceNote />
      {found && titles ? (
        <>
          <Figures found={found} />
          <MoreFigures found={found} />
          <Pairs found={found} titles={titles} />
          <Weak title={t("doctor.weakest")} held={found.weakest} titles={titles} />
          <Weak title={t("doctor.thin")} held={found.thin} titles={titles} />
          {examined_at && (
            <p className={css.when}>
              {t("doctor.examined", { at: dayAndTime(locale, t, examined_at, now) })}
            </p>
          )}
        </>
      ) : examined.data ? (
        <div className={css.card}>
          <Nothing icon="search" title={t("doctor.none")} hint={t("doctor.none.hint")} />
        </div>
      ) : examined.isPending ? (
        <Loading />
      ) : (
        <Trouble error={examined.error} again={() => void examined.refetch()} />
      )}
    </Shelf>
  );
}

const percent = (share: number) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;

/** What the sentence below the figures calls usual (`doctor.means`), and so what is to be done first. */
function meaning({ answered_right, answered_wrong, related_answered }: Examination) {
  if ((answered_wrong ?? 0) > 0.05 || (related_answered ?? 0) > 0.1) return "careless";
  return (answered_right ?? 0) < 0.45 ? "quiet" : "well";
}

function Figures({ found }: { found: Examination }) {
  const { t } = useWords();
  const figures: [string, number | null][] = [
    [t("doctor.right"), found.right],
    [t("doctor.answered"), found.answered_right],
    [t("doctor.wrong"), found.answered_wrong],
    [t("doctor.related"), found.related_answered],
    [t("doctor.twice"), found.with_twice],
  ];
  return (
    <section className={css.card} aria-label={t("doctor.figures")}>
      {found.right === null ? (
        <p>{t("doctor.few", { answers: found.answers, phrasings: found.phrasings })}</p>
      ) : (
        <>
          <p>{t("doctor.how", { answers: found.answers, phrasings: found.phrasings })}</p>
          <dl className={css.figures}>
            {figures.map(
              ([name, share]) =>
                share !== null && (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{percent(share)}</dd>
                  </div>
                ),
            )}
          </dl>
          <p>{t("doctor.means")}</p>
          <p>
            <strong>{t(`doctor.means.${meaning(found)}`)}</strong>
          </p>
          {found.curve.length > 1 && (
            <p className={css.curve}>
              {t("doctor.curve", {
                points: found.curve
                  .map((point) => t("doctor.point", { n: point.phrasings, right: percent(point.right) }))
                  .join(" → "),
              })}
            </p>
          )}
        </>
      )}
    </section>
  );
}

type Figure = "accuracy_at_5" | "mrr" | "auroc" | "suggested_right" | "precision" | "times" | "memory";

/** What `mashang eval answers` tells, of the shop's own knowledge; an examination of before has none of it. */
function MoreFigures({ found }: { found: Examination }) {
  const { t } = useWords();
  const share = (value?: number | null) => (value == null ? "–" : percent(value));
  const number = (value?: number | null) => (value == null ? "–" : value.toFixed(2));
  if (found.mrr == null) return null;
  const rows: [Figure, string][] = [
    ["accuracy_at_5", share(found.accuracy_at_5)],
    ["mrr", number(found.mrr)],
    ["auroc", number(found.auroc)],
    ["suggested_right", share(found.suggested_right)],
    ["precision", share(found.precision)],
    ["times", `${number(found.p50_ms)} / ${number(found.p99_ms)} ms`],
    ["memory", `${found.memory_mb ?? "–"} MB`],
  ];
  return (
    <section className={css.card}>
      <h2>{t("doctor.more_figures")}</h2>
      <table className={css.more}>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{t(`doctor.figure.${name}.name`)}</th>
              <td>{value}</td>
              <td>{t(`doctor.figure.${name}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Pairs({ found, titles }: { found: Examination; titles: Examined["titles"] }) {
  const { t } = useWords();
  if (found.right === null) return null;
  return (
    <section className={css.card}>
      <h2>{t("doctor.pairs")}</h2>
      {found.pairs.length ? (
        <>
          <p>{t("doctor.pairs.hint")}</p>
          <ul className={css.list}>
            {found.pairs.map((pair) => (
              <Confused key={`${pair.one} ${pair.other}`} pair={pair} titles={titles} />
            ))}
          </ul>
        </>
      ) : (
        <p>{t("doctor.pairs.none")}</p>
      )}
    </section>
  );
}

const SHOWN = 4; // the others stand on the pair's own page

function Confused({ pair, titles }: { pair: Pair; titles: Examined["titles"] }) {
  const { t, locale } = useWords();
  return (
    <li>
      <div className={css.pair}>
        <Title id={pair.one} titles={titles} />
        <span aria-hidden="true">⇄</span>
        <Title id={pair.other} titles={titles} />
        <span className={css.share}>{t("doctor.share", { share: percent(pair.share) })}</span>
        <Link
          href={`/knowledge/doctor/${pair.one}/${pair.other}`}
          className={css.way}
          aria-label={t("doctor.decide.of", {
            one: titleOf(titles[pair.one] ?? {}, locale),
            other: titleOf(titles[pair.other] ?? {}, locale),
          })}
        >
          {t("doctor.decide")}
        </Link>
      </div>
      <ul className={css.examples}>
        {pair.examples.slice(0, SHOWN).map((one) => (
          <li key={one.phrasing}>
            <span dir="auto">“{one.text}”</span>{" "}
            <span className={css.of}>
              {t("doctor.belongs")} <Title id={one.answer} titles={titles} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Weak({ title, held, titles }: { title: string; held: Held[]; titles: Examined["titles"] }) {
  const { t, locale } = useWords();
  if (held.length === 0) return null;
  return (
    <section className={css.card}>
      <h2>{title}</h2>
      <ul className={css.list}>
        {held.map((one) => (
          <li key={one.answer} className={css.pair}>
            <Title id={one.answer} titles={titles} />
            <span className={css.share}>
              {t("doctor.phrasings", { n: one.phrasings })}
              {one.right !== null && ` · ${t("doctor.found", { share: percent(one.right) })}`}
            </span>
            <Link
              href={`/knowledge/${one.answer}?part=phrasings`}
              className={css.way}
              aria-label={t("doctor.add_phrasings.of", { title: titleOf(titles[one.answer] ?? {}, locale) })}
            >
              {t("doctor.add_phrasings")}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const titleOf = (of: Partial<Record<Locale, string>>, locale: Locale) =>
  of[locale] ?? of["zh-CN"] ?? of.en ?? "";

function Title({ id, titles }: { id: string; titles: Examined["titles"] }) {
  const { locale } = useWords();
  return (
    <Link href={`/knowledge/${id}`} className={css.title}>
      <span dir="auto">{titleOf(titles[id] ?? {}, locale) || id}</span>
    </Link>
  );
}
