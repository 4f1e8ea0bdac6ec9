/**
 * Above an article: the way back, its state, and what may be done with it.
 */
import { App, Button, Dropdown } from "antd";
import { Link } from "wouter";
import { BackLink } from "../frame/BackLink";
import { Chip } from "../frame/Chip";
import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import css from "./Article.module.css";
import { type Step, useArticle } from "./queries";
import { type Article, titleOf } from "./shapes";

export function BackToList() {
  const { t } = useWords();
  return <BackLink href="/knowledge">{t("knowledge.title")}</BackLink>;
}

export function StatusLine({ article }: { article: Article }) {
  const { t } = useWords();
  const newer = article.status === "published" && article.published_version !== article.draft_version;
  return (
    <span className={css.status}>
      <Chip tone={article.status === "published" ? "good" : undefined}>
        {t(`knowledge.status.${article.status}`)}
      </Chip>
      {newer && <span className={css.newer}>{t("knowledge.newer_draft")}</span>}
      <code>{article.key}</code>
    </span>
  );
}

/** Above one that was merged: the article that says now what it said. */
export function MergedInto({ id }: { id: string }) {
  const { t } = useWords();
  const into = useArticle(id).data;
  return (
    <p className={css.found} role="note">
      {t("knowledge.merged_into")}{" "}
      <Link href={`/knowledge/${id}`} className={css.toArticle}>
        {into ? titleOf(into.texts) : id}
      </Link>
    </p>
  );
}

interface WaysProps {
  article: Article | undefined;
  changed: boolean;
  busy: boolean;
  save(): void;
  publish(): void;
  step(step: Step): void;
}

export function Ways({ article, changed, busy, save, publish, step }: WaysProps) {
  const { t } = useWords();
  const { modal } = App.useApp();
  const isNews = article?.status !== "published" || article.published_version !== article.draft_version;
  const ask = (name: "withdraw" | "archive") =>
    modal.confirm({
      title: t(`knowledge.${name}.ask`),
      content: t(`knowledge.${name}.hint`),
      okText: t(`knowledge.${name}`),
      okButtonProps: { danger: true },
      cancelText: t("do.cancel"),
      onOk: () => step(name),
    });
  const more = [
    ...(article?.status === "published"
      ? [{ key: "withdraw", label: t("knowledge.withdraw"), onClick: () => void ask("withdraw") }]
      : []),
    ...(article && article.status !== "archived"
      ? [{ key: "archive", label: t("knowledge.archive"), danger: true, onClick: () => void ask("archive") }]
      : []),
  ];
  return (
    <>
      {article?.status === "archived" && (
        <Button onClick={() => step("withdraw")}>{t("knowledge.bring_back")}</Button>
      )}
      {more.length > 0 && (
        <Dropdown trigger={["click"]} menu={{ items: more }}>
          <Button icon={<Icon name="more" />} aria-label={t("do.more")} />
        </Dropdown>
      )}
      <Button onClick={save} disabled={!changed} loading={busy}>
        {t("knowledge.save")}
      </Button>
      <Button type="primary" onClick={publish} disabled={busy || !(changed || isNews)}>
        {t("knowledge.publish")}
      </Button>
    </>
  );
}
