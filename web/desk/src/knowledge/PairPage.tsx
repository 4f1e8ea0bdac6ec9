/**
 * Two answers that are taken for each other, side by side: they become one, or their phrasings are sorted out.
 */
import { App, Button } from "antd";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { BackLink } from "../frame/BackLink";
import { Icon } from "../frame/Icon";
import { Loading, sentence, Trouble } from "../frame/States";
import { useWords } from "../words/words";
import article from "./Article.module.css";
import { StatusLine } from "./ArticleHead";
import { type Example, useExamined } from "./doctor";
import css from "./PairPage.module.css";
import { Paste } from "./PhrasingsPanel";
import { Preview } from "./Preview";
import { useArticle, useMerge, useMovePhrasing, useRemovePhrasing } from "./queries";
import { Shelf } from "./Shelf";
import { type Article, titleOf } from "./shapes";

interface PairPageProps {
  one: string;
  other: string;
}

export function PairPage({ one, other }: PairPageProps) {
  const { t } = useWords();
  const left = useArticle(one);
  const right = useArticle(other);
  const trouble = left.error ?? right.error;
  return (
    <Shelf
      title={t("doctor.decide")}
      hint={t("doctor.pair.hint")}
      back={<BackLink href="/knowledge/doctor">{t("doctor.title")}</BackLink>}
    >
      {left.data && right.data ? (
        <Both one={left.data} other={right.data} />
      ) : trouble ? (
        <Trouble
          error={trouble}
          again={() => {
            void left.refetch();
            void right.refetch();
          }}
        />
      ) : (
        <Loading />
      )}
    </Shelf>
  );
}

interface BothProps {
  one: Article;
  other: Article;
}

function Both({ one, other }: BothProps) {
  const { t } = useWords();
  const { merge, refusal, busy } = useMerging();
  const gone = [one, other].find(({ status }) => status === "archived");
  return (
    <>
      {refusal !== undefined && (
        <p className={article.refusal} role="alert">
          <Icon name="alert" /> {sentence(t, refusal)}
        </p>
      )}
      {gone && (
        <p className={article.found} role="note">
          {t("doctor.pair.archived", { title: titleOf(gone.texts) })}
        </p>
      )}
      <div className={css.two}>
        {[one, other].map((each) => (
          <Side
            key={each.id}
            article={each}
            keep={gone ? undefined : () => merge(each, each === one ? other : one)}
            busy={busy}
          />
        ))}
      </div>
      {!gone && <Apart one={one} other={other} />}
    </>
  );
}

/** Asks, merges, and goes to the article that is left; what was refused stays on the page. */
function useMerging() {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const [, go] = useLocation();
  const merging = useMerge();
  const [refusal, setRefusal] = useState<unknown>();
  const merge = (into: Article, gone: Article) => {
    const titles = { into: titleOf(into.texts), gone: titleOf(gone.texts) };
    void modal.confirm({
      title: t("doctor.merge.ask", titles),
      content: t("doctor.merge.hint", { ...titles, n: gone.phrasings.length }),
      okText: t("doctor.merge.do"),
      cancelText: t("do.cancel"),
      onOk: async () => {
        try {
          await merging.mutateAsync({ into, gone });
          void message.success(t("doctor.merged", titles));
          go(`/knowledge/${into.id}`);
        } catch (error) {
          setRefusal(error);
        }
      },
    });
  };
  return { merge, refusal, busy: merging.isPending };
}

interface SideProps {
  article: Article;
  keep: (() => void) | undefined;
  busy: boolean;
}

function Side({ article: of, keep, busy }: SideProps) {
  const { t, locale } = useWords();
  const text = of.texts[locale] ?? of.texts["zh-CN"] ?? of.texts.en;
  const title = titleOf(of.texts);
  return (
    <section className={css.side} aria-label={title}>
      <h2 dir="auto">
        <Link href={`/knowledge/${of.id}`}>{text?.title || title}</Link>
      </h2>
      <p className={css.what}>
        <StatusLine article={of} /> {t("knowledge.phrasings.n", { n: of.phrasings.length })}
      </p>
      {keep && (
        <Button onClick={keep} disabled={busy} aria-label={t("doctor.merge.of", { title })}>
          {t("doctor.merge")}
        </Button>
      )}
      <div className={css.words}>
        <Preview body={text?.body ?? ""} />
      </div>
    </section>
  );
}

function Apart({ one, other }: BothProps) {
  const { t } = useWords();
  const pairs = useExamined().data?.found?.pairs ?? [];
  const ids = [one.id, other.id];
  const strayed = pairs.find((pair) => ids.includes(pair.one) && ids.includes(pair.other))?.examples ?? [];
  return (
    <section className={css.apart} aria-labelledby="doctor-apart">
      <h2 id="doctor-apart">{t("doctor.apart")}</h2>
      <p>{t(strayed.length ? "doctor.apart.hint" : "doctor.apart.none")}</p>
      <ul className={article.list} aria-label={t("doctor.strayed")}>
        {strayed.map((example) => (
          <Mistaken
            key={example.phrasing}
            example={example}
            of={example.answer === one.id ? one : other}
            instead={example.answer === one.id ? other : one}
          />
        ))}
      </ul>
      <div className={css.two}>
        {[one, other].map((each) => (
          <div key={each.id} className={css.more}>
            <h3 dir="auto">{t("doctor.more", { title: titleOf(each.texts) })}</h3>
            <Paste article={each} locale={each.texts["zh-CN"] ? "zh-CN" : "en"} editable />
          </div>
        ))}
      </div>
    </section>
  );
}

interface MistakenProps {
  example: Example;
  of: Article;
  instead: Article;
}

function Mistaken({ example, of, instead }: MistakenProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const move = useMovePhrasing();
  const remove = useRemovePhrasing(of.id);
  const title = titleOf(instead.texts);
  const told = { onError: (error: unknown) => void message.error(sentence(t, error)) };
  return (
    <li>
      <span>
        <q dir="auto">{example.text}</q>{" "}
        <small>{t("doctor.taken_for", { one: titleOf(of.texts), other: title })}</small>
      </span>
      <Button
        size="small"
        className={css.move ?? ""}
        loading={move.isPending}
        aria-label={t("doctor.move.of", { text: example.text, title })}
        onClick={() =>
          move.mutate(
            { from: of.id, to: instead.id, phrasing: example.phrasing },
            { ...told, onSuccess: () => void message.success(t("doctor.moved", { title })) },
          )
        }
      >
        {t("doctor.move", { title })}
      </Button>
      <Button
        size="small"
        type="text"
        icon={<Icon name="trash" />}
        loading={remove.isPending}
        aria-label={t("knowledge.remove.of", { text: example.text })}
        onClick={() => remove.mutate(example.phrasing, told)}
      />
    </li>
  );
}
