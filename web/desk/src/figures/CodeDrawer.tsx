/**
 * Everything about one code: day by day, how it came, how it was recognised, what was asked and what came of it.
 */
import { Drawer } from "antd";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Loading, Trouble } from "../frame/States";
import { wordFor } from "../frame/told";
import { day } from "../words/telling";
import { useWords, type WordKey } from "../words/words";
import css from "./FiguresPage.module.css";
import { useDetail } from "./queries";
import { Marks, Strip } from "./Strip";
import type { CodeDetail, CodeFigures, Days, Share } from "./shapes";
import { axisFor, took } from "./took";

interface CodeDrawerProps {
  one: CodeFigures | undefined;
  days: Days;
  close(): void;
}

export function CodeDrawer({ one, days, close }: CodeDrawerProps) {
  const { t } = useWords();
  return (
    <Drawer
      open={Boolean(one)}
      onClose={close}
      size="min(560px, 100vw)"
      title={one && `${one.code} ${one.name}`}
      destroyOnHidden
    >
      {one && (
        <div className={css.behind}>
          <Link href="/admin/topics">{t("figures.to_topics")}</Link>
          <Detail one={one} days={days} />
          <Part word="figures.answer">
            <Answer one={one} />
          </Part>
          <Part word="figures.asked" hint={t("figures.define.asked")}>
            <Shares of={asks(one)} word={(kind) => wordFor("figures.ask", kind, undefined)} />
          </Part>
          <Part word="figures.wrong" hint={t("figures.define.wrong")}>
            <Shares of={wrong(one)} word={(kind) => wordFor("figures.wrong", kind, undefined)} />
          </Part>
          <Part word="figures.too_late" hint={t("figures.define.too_late")}>
            <Shares of={late(one)} word={(kind) => wordFor("figures.late", kind, undefined)} />
          </Part>
        </div>
      )}
    </Drawer>
  );
}

function Detail({ one, days }: { one: CodeFigures; days: Days }) {
  const detail = useDetail(one.id, days);
  if (detail.isPending) return <Loading />;
  if (!detail.data) return <Trouble error={detail.error} again={() => void detail.refetch()} />;
  return <Told one={one} detail={detail.data} />;
}

function Told({ one, detail }: { one: CodeFigures; detail: CodeDetail }) {
  const { t } = useWords();
  return (
    <>
      <Part word="figures.by_day">
        <ByDay days={detail.days} />
      </Part>
      <Part word="figures.by_medium">
        <Shares of={detail.media} word={(kind) => wordFor("figures.medium", kind, undefined)} />
      </Part>
      <Part word="figures.by_how">
        <Shares of={detail.hows} word={(kind) => wordFor("figures.how", kind, undefined)} />
      </Part>
      {one.corrected > 0 && (
        <Part word="figures.corrections" hint={t("figures.corrections.hint")}>
          {detail.corrections.length === 0 ? (
            <p className={css.detail}>{t("figures.corrections.none")}</p>
          ) : (
            <Shares of={detail.corrections} />
          )}
        </Part>
      )}
    </>
  );
}

function Part({ word, hint, children }: { word: WordKey; hint?: string; children: ReactNode }) {
  const { t } = useWords();
  return (
    <section>
      <h3>{t(word)}</h3>
      {hint && <p className={css.detail}>{hint}</p>}
      {children}
    </section>
  );
}

/** One column for each day, the highest as high as there is room. */
function ByDay({ days }: { days: CodeDetail["days"] }) {
  const { t, locale } = useWords();
  const most = Math.max(...days.map((one) => one.n), 1);
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const sum = days.reduce((so_far, one) => so_far + one.n, 0);
  return (
    <>
      <div className={css.days} role="img" aria-label={t("figures.by_day.words", { sum, most })}>
        {days.map((one) => (
          <i
            key={one.day}
            title={`${day(locale, `${one.day}T12:00Z`)}  ${one.n}`}
            data-nothing={one.n === 0}
            style={{ height: `${Math.max((100 * one.n) / most, 3)}%` }}
          />
        ))}
      </div>
      <div className={css.ends}>
        <span>{day(locale, `${first.day}T12:00Z`)}</span>
        <span>{t("figures.by_day.most", { most })}</span>
        <span>{day(locale, `${last.day}T12:00Z`)}</span>
      </div>
    </>
  );
}

/** How many of each kind, with a bar as long as its part of the largest; without a word for it the kind is its own. */
function Shares({ of, word }: { of: Share[]; word?(kind: string): WordKey | undefined }) {
  const { t } = useWords();
  const most = Math.max(...of.map((one) => one.n), 1);
  return (
    <dl className={css.shares}>
      {of.map((one) => {
        const known = word?.(one.kind);
        return (
          <div key={one.kind}>
            <dt>{known ? t(known) : one.kind}</dt>
            <dd>
              <i style={{ width: `${(70 * one.n) / most}%` }} aria-hidden /> <span>{one.n}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Answer({ one }: { one: CodeFigures }) {
  const { t } = useWords();
  const { n, median, q1, q3 } = one.answer;
  const axis = axisFor([one.answer]);
  return (
    <>
      {median !== null && (
        <>
          <p className={css.told}>
            <b>{took(t, median)}</b>
            <span>{t("figures.spread", { n, q1: took(t, q1), q3: took(t, q3) })}</span>
          </p>
          <Strip spread={one.answer} axis={axis} kind="coded" />
          <Marks axis={axis} />
        </>
      )}
      <Shares
        word={(kind) => wordFor("figures.outcome", kind, undefined)}
        of={[
          { kind: "answered", n },
          { kind: "left", n: one.left },
          { kind: "waiting", n: one.waiting },
          { kind: "while_closed", n: one.while_closed },
        ]}
      />
    </>
  );
}

function asks(one: CodeFigures): Share[] {
  const { asked, chosen, chose_another, chose_person } = one;
  return [
    { kind: "asked", n: asked },
    { kind: "chosen", n: chosen },
    { kind: "chose_another", n: chose_another },
    { kind: "chose_person", n: chose_person },
    { kind: "gave_up", n: Math.max(asked - chosen - chose_another - chose_person, 0) },
  ];
}

const wrong = ({ moved, chose_again }: CodeFigures): Share[] => [
  { kind: "moved", n: moved },
  { kind: "chose_again", n: chose_again },
];

const late = ({ expired, archived_tries }: CodeFigures): Share[] => [
  { kind: "expired", n: expired },
  { kind: "archived", n: archived_tries },
];
