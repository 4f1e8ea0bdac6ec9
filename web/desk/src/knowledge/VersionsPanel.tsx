/**
 * Every version of the text: who wrote it when, what it changed, and the way back to it.
 */
import { App, Button, Collapse } from "antd";
import { Chip } from "../frame/Chip";
import { Loading, Trouble } from "../frame/States";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import css from "./Article.module.css";
import { Difference } from "./Difference";
import { useVersions } from "./queries";
import type { Article, Version } from "./shapes";

interface PanelProps {
  article: Article;
  /** There is something typed and not saved. */
  changed: boolean;
  restore(version: number): void;
}

export function VersionsPanel({ article, changed, restore }: PanelProps) {
  const { t } = useWords();
  const query = useVersions(article.id);
  if (query.isPending) return <Loading />;
  if (!query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  const versions = query.data;
  return (
    <>
      <p className={css.above}>{t("knowledge.versions.hint")}</p>
      <Collapse
        items={versions.map((version, at) => ({
          key: version.number,
          label: <Label version={version} newest={at === 0} />,
          children: (
            <One
              version={version}
              before={versions[at + 1]}
              restore={at === 0 ? undefined : () => restore(version.number)}
              changed={changed}
            />
          ),
        }))}
      />
    </>
  );
}

function Label({ version, newest }: { version: Version; newest: boolean }) {
  const { t, locale } = useWords();
  return (
    <span className={css.version}>
      <b>{t("knowledge.version", { n: version.number })}</b>
      <span dir="auto">{version.title}</span>
      <small>
        {fullTime(locale, version.written_at)} · {version.written_by ?? t("knowledge.by_itself")}
      </small>
      {version.published && <Chip tone="good">{t("knowledge.version.published")}</Chip>}
      {newest && <Chip>{t("knowledge.version.newest")}</Chip>}
    </span>
  );
}

interface OneProps {
  version: Version;
  before: Version | undefined;
  restore: (() => void) | undefined;
  changed: boolean;
}

function One({ version, before, restore, changed }: OneProps) {
  const { t } = useWords();
  const { modal } = App.useApp();
  const ask = () =>
    modal.confirm({
      title: t("knowledge.restore.ask", { n: version.number }),
      content: t(changed ? "knowledge.restore.loses" : "knowledge.restore.hint"),
      okText: t("knowledge.restore"),
      cancelText: t("do.cancel"),
      onOk: restore,
    });
  return (
    <>
      <p className={css.faint}>
        {before ? t("knowledge.against", { n: before.number }) : t("knowledge.first_version")}
      </p>
      <Difference from={before?.texts ?? {}} to={version.texts} />
      {restore && <Button onClick={() => void ask()}>{t("knowledge.restore")}</Button>}
    </>
  );
}
