/**
 * What the knowledge lacks: like questions together, with what agents answered; each becomes an article, or belongs to one.
 */
import { App, Button, Checkbox, Popconfirm } from "antd";
import { useId, useState } from "react";
import { Link, useLocation } from "wouter";
import { Loading, Nothing, sentence, Trouble } from "../frame/States";
import { useNow } from "../live/DeskLine";
import { dayAndTime } from "../words/telling";
import { useWords } from "../words/words";
import { ArticleChoice } from "./ArticleChoice";
import { BackToList } from "./ArticleHead";
import { leftOut } from "./FromGap";
import css from "./GapsPage.module.css";
import { type Asked, type Gap, together, useDecide, useGaps } from "./gaps";
import { Shelf } from "./Shelf";

export function GapsPage() {
  const { t, locale } = useWords();
  const now = useNow();
  const gaps = useGaps();
  return (
    <Shelf title={t("gaps.title")} hint={t("gaps.hint")} back={<BackToList />}>
      {gaps.data ? (
        <>
          <p className={css.fresh}>
            {gaps.data.gathered_at
              ? t("gaps.gathered", { at: dayAndTime(locale, t, gaps.data.gathered_at, now) })
              : t("gaps.not_gathered")}
          </p>
          {gaps.data.gaps.length ? (
            <ul className={css.gaps}>
              {gaps.data.gaps.map((gap) => (
                <GapCard key={gap.id} gap={gap} />
              ))}
            </ul>
          ) : (
            <div className={css.none}>
              <Nothing icon="check" title={t("gaps.none")} hint={t("gaps.none.hint")} />
            </div>
          )}
        </>
      ) : gaps.isPending ? (
        <Loading />
      ) : (
        <Trouble error={gaps.error} again={() => void gaps.refetch()} />
      )}
    </Shelf>
  );
}

function GapCard({ gap }: { gap: Gap }) {
  const { t, locale } = useWords();
  const now = useNow();
  const name = useId();
  const different = together(gap.questions);
  /** Only what somebody ticked or unticked: the rest follows the questions as they come and go. */
  const [ticked, tick] = useState<Record<string, boolean>>({});
  const isTaken = (one: Asked) => ticked[one.words] ?? !one.is_title;
  const words = different.filter(isTaken).map((one) => one.words);
  return (
    <li className={css.gap} aria-labelledby={name}>
      <h2 id={name}>
        {t("gaps.asked", { n: gap.n })}
        {gap.wrong > 0 && <span className={css.wrong}>{t("gaps.wrong", { n: gap.wrong })}</span>}
        <span className={css.when}>{t("gaps.latest", { at: dayAndTime(locale, t, gap.latest, now) })}</span>
      </h2>
      <ul className={css.questions}>
        {different.map((one) => (
          <OneAsked
            key={one.words}
            asked={one}
            taken={isTaken(one)}
            take={(taken) => tick({ ...ticked, [one.words]: taken })}
          />
        ))}
      </ul>
      <Ways gap={gap} words={words} />
    </li>
  );
}

interface AskedProps {
  asked: Asked;
  taken: boolean;
  take(taken: boolean): void;
}

function OneAsked({ asked, taken, take }: AskedProps) {
  const { t } = useWords();
  const { said, wrong } = asked;
  return (
    <li>
      <div className={css.words}>
        <Checkbox checked={taken} onChange={(event) => take(event.target.checked)}>
          <span dir="auto">{asked.words}</span>
        </Checkbox>
      </div>
      <p className={css.whence}>
        {asked.sources.map(({ source, n }) => (
          <span key={source}>{t(`gaps.source.${source}`, { n })}</span>
        ))}
        {said && <Link href={`/c/${said.conversation}?at=${said.seq}`}>{t("gaps.look")}</Link>}
        {wrong && (
          <span dir="auto">
            {t("gaps.instead")} <Link href={`/knowledge/${wrong.id}`}>{wrong.title}</Link>
          </span>
        )}
      </p>
      {asked.answer && (
        <blockquote className={css.answer} dir="auto">
          <span>{t("gaps.answered")}</span> {asked.answer}
        </blockquote>
      )}
    </li>
  );
}

/** A new article, one that is there, or none. */
function Ways({ gap, words }: { gap: Gap; words: string[] }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const [choosing, setChoosing] = useState(false);
  const { fill, dismiss } = useDecide(gap);
  const say = (error: unknown) => void message.error(sentence(t, error));
  const give = (article: string | null) =>
    fill.mutate(
      { words, article },
      {
        onSuccess: (filled) => {
          if (!article) return go(`/knowledge/${filled.article}`, { state: { filled } });
          void message.success(t("gaps.given"), 6);
          for (const left of leftOut(t, filled)) void message.warning(left, 12);
        },
        onError: say,
      },
    );
  return (
    <div className={css.ways}>
      <Button
        type="primary"
        disabled={words.length === 0}
        loading={fill.isPending && !choosing}
        onClick={() => give(null)}
      >
        {t("gaps.draft")}
      </Button>
      {choosing ? (
        <Choose give={give} close={() => setChoosing(false)} />
      ) : (
        <Button disabled={words.length === 0} onClick={() => setChoosing(true)}>
          {t("gaps.give")}
        </Button>
      )}
      <Popconfirm
        title={t("gaps.dismiss.sure")}
        okText={t("gaps.dismiss")}
        cancelText={t("do.cancel")}
        onConfirm={() => dismiss.mutate(undefined, { onError: say })}
      >
        <Button type="text">{t("gaps.dismiss")}</Button>
      </Popconfirm>
    </div>
  );
}

function Choose({ give, close }: { give(article: string): void; close(): void }) {
  const { t } = useWords();
  return (
    <ArticleChoice
      className={css.choose}
      autoFocus
      defaultOpen
      by="id"
      aria-label={t("gaps.give.which")}
      placeholder={t("gaps.give.which")}
      onChange={(article: string) => give(article)}
      onBlur={close}
    />
  );
}
