/**
 * An article being written: text beside its preview, phrasings, facts, versions.
 *
 * What is typed stays until it is saved: also when somebody else saves first, which is told and left to decide.
 */
import { App, Button, Tabs } from "antd";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { Refused } from "../server/http";
import { type Locale, useWords } from "../words/words";
import css from "./Article.module.css";
import { BackToList, MergedInto, StatusLine, Ways } from "./ArticleHead";
import { FactFields } from "./FactFields";
import { FromGap } from "./FromGap";
import { HelpVotes } from "./HelpVotes";
import { Moved } from "./Moved";
import { PhrasingsPanel } from "./PhrasingsPanel";
import { type Step, useSaveArticle, useStep } from "./queries";
import { Shelf } from "./Shelf";
import { type Article, type Draft, titleOf } from "./shapes";
import { TextFields } from "./TextFields";
import { VersionsPanel } from "./VersionsPanel";
import { useWriting, type Writing } from "./writing";

interface EditorProps {
  /** Without one it is new; a picture in it makes it a draft without leaving the page. */
  article?: Article | undefined;
  /** What is on the server. */
  kept: Draft;
  /** A new one is there now, and goes on as this article. */
  begun?: ((article: Article) => void) | undefined;
}

export function ArticleEditor({ article, kept, begun }: EditorProps) {
  const { t } = useWords();
  const writing = useWriting(article, kept);
  const does = useDoing(article, writing, begun);
  const keepFor = async (locale: Locale) => (article ?? (await does.begin(locale))).id;
  const moved = does.refusal instanceof Refused && does.refusal.code === "article_moved";
  return (
    <Shelf
      back={<BackToList />}
      title={article ? titleOf(article.texts) : t("knowledge.add")}
      hint={article && <StatusLine article={article} />}
      ways={
        <Ways
          article={article}
          changed={writing.changed}
          busy={does.busy}
          save={() => void does.save()}
          publish={() => void does.publish()}
          step={(name) => void does.step(name)}
        />
      }
    >
      {article?.status === "draft" && <FromGap />}
      {article?.merged_into && <MergedInto id={article.merged_into} />}
      {article && <HelpVotes article={article} />}
      {writing.found && (
        <p className={css.found} role="note">
          {t("knowledge.unsaved_found")}{" "}
          <Button size="small" onClick={writing.forget}>
            {t("edit.leave.do")}
          </Button>
        </p>
      )}
      {moved && article && (
        <Moved message={sentence(t, does.refusal)} article={article} writing={writing} done={does.forgive} />
      )}
      {!moved && does.refusal !== undefined && (
        <p className={css.refusal} role="alert">
          <Icon name="alert" /> {sentence(t, does.refusal)}
        </p>
      )}
      <Parts
        article={article}
        writing={writing}
        kept={keepFor}
        restore={(n) => void does.step(`versions/${n}/restore`)}
      />
    </Shelf>
  );
}

/** Saving, publishing and the other steps; what is refused is kept until something succeeds. */
function useDoing(article: Article | undefined, writing: Writing, begun: EditorProps["begun"]) {
  const { t } = useWords();
  const { message } = App.useApp();
  const saving = useSaveArticle();
  const stepping = useStep();
  const [refusal, setRefusal] = useState<unknown>();

  const keep = async (): Promise<Article | undefined> => {
    const { draft, version, changed } = writing;
    if (!titleOf(draft.texts).trim()) throw new Error(t("knowledge.title.missing"));
    if (!changed) return article;
    const done = await saving.mutateAsync({ id: article?.id, version, draft });
    writing.take(done, draft);
    if (!article) begun?.(done);
    return done;
  };
  const told = async (work: () => Promise<unknown>, words: string) => {
    try {
      await work();
      setRefusal(undefined);
      void message.success(words);
    } catch (error) {
      setRefusal(error);
    }
  };
  const take = async (id: string, step: Step, version: number) => {
    const done = await stepping.mutateAsync({ id, step, version });
    writing.take(done);
    return done;
  };
  /** A new article becomes a draft without leaving the page; without a title it gets one to be changed. */
  const begin = async (locale: Locale) => {
    const { draft, version } = writing;
    const text = { body: "", ...draft.texts[locale], title: t("knowledge.untitled") };
    const named = titleOf(draft.texts).trim()
      ? draft
      : { ...draft, texts: { ...draft.texts, [locale]: text } };
    const done = await saving.mutateAsync({ version, draft: named });
    writing.take(done, draft);
    begun?.(done);
    void message.success(t("knowledge.picture.kept"));
    return done;
  };
  return {
    refusal,
    begin,
    forgive: () => setRefusal(undefined),
    busy: saving.isPending || stepping.isPending,
    save: () => told(keep, t("edit.saved")),
    publish: () =>
      told(async () => {
        const done = await keep();
        return done && take(done.id, "publish", done.version);
      }, t("knowledge.published")),
    step: (step: Step) =>
      told(async () => article && take(article.id, step, article.version), t("edit.saved")),
  };
}

interface PartsProps {
  article: Article | undefined;
  writing: Writing;
  kept(locale: Locale): Promise<string>;
  restore(version: number): void;
}

function Parts({ article, writing, kept, restore }: PartsProps) {
  const { t } = useWords();
  const { draft, change } = writing;
  const [asked] = useSearchParams();
  return (
    <Tabs
      defaultActiveKey={asked.get("part") ?? "text"}
      items={[
        {
          key: "text",
          label: t("knowledge.text"),
          children: <TextFields kept={kept} texts={draft.texts} change={(texts) => change({ texts })} />,
        },
        ...(article
          ? [
              {
                key: "phrasings",
                label: t("knowledge.phrasings.n", { n: article.phrasings.length }),
                children: <PhrasingsPanel article={article} editable />,
              },
            ]
          : []),
        {
          key: "facts",
          label: t("knowledge.facts"),
          children: <FactFields facts={draft} change={change} />,
        },
        ...(article
          ? [
              {
                key: "versions",
                label: t("knowledge.versions"),
                children: <VersionsPanel article={article} changed={writing.changed} restore={restore} />,
              },
            ]
          : []),
      ]}
    />
  );
}
