/**
 * Service codes: what customers type or tap, where it leads, and what is fetched before the first word.
 */
import { Button, Tag } from "antd";
import { CopyButton } from "../frame/CopyButton";
import { Icon } from "../frame/Icon";
import { LinkButton } from "../links/LinkButton";
import { printAddress } from "../links/links";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { useDepartmentNames } from "./fields";
import { type Column, Records, RowName } from "./Records";
import { useRecords } from "./records";
import type { Topic } from "./shapes";
import { type TopicDraft, TopicFields } from "./TopicFields";
import { TopicIcon } from "./TopicIcon";
import css from "./TopicsPage.module.css";
import { TryCode } from "./TryCode";

const NEW: TopicDraft = {
  code: "",
  name: "",
  name_en: "",
  department: undefined,
  greeting: "",
  greeting_en: "",
  icon: "question",
  aliases: [],
  context: [],
  shown: true,
  position: 0,
  takes_reference: false,
  required_tier: 1,
  skills: [],
  priority: 0,
  expires_at: null,
  successor: null,
  answers_with: "",
  answer_key: "",
  answer_text: "",
  answer_text_en: "",
};

export function TopicsPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const query = useRecords<Topic>("topics");
  const editing = useEditing<Topic>();
  return (
    <>
      <Records
        title={t("topics.title")}
        hint={t("topics.hint")}
        empty={t("topics.empty")}
        icon="code"
        query={query}
        columns={useColumns(editing.start)}
        add={editable ? t("topics.add") : undefined}
        open={editing.start}
        below={<TryCode />}
        beside={
          <Button icon={<Icon name="print" />} href={printAddress({ kind: "topics" })} target="_blank">
            {t("links.print_all")}
          </Button>
        }
      />
      <EditDrawer<TopicDraft, Topic>
        {...editing}
        kind="topics"
        editable={editable}
        id={editing.row?.id}
        size={560}
        title={editing.row ? `${editing.row.code} ${editing.row.name}` : t("topics.add")}
        initial={editing.row ? pick(editing.row) : { ...NEW, position: (query.data?.length ?? 0) * 10 }}
        archive={{
          title: t("topics.archive", { code: editing.row?.code ?? "" }),
          hint: t("topics.archive.hint"),
        }}
      >
        <TopicFields id={editing.row?.id} />
      </EditDrawer>
    </>
  );
}

function pick({ id: _, ...draft }: Topic): TopicDraft {
  return draft;
}

/** Says when a code ends, or that it has. */
function useExpiry(): (row: Topic) => string {
  const { t, locale } = useWords();
  return ({ expires_at: at, successor }) => {
    if (!at) return "";
    const over = Date.parse(at) <= Date.now();
    const told = t(over ? "topic.expired" : "topic.expires", { at: fullTime(locale, at) });
    return successor ? t("topic.then", { ends: told, code: successor }) : told;
  };
}

const isOver = ({ expires_at: at }: Topic) => at && Date.parse(at) <= Date.now();

function useColumns(open: (row: Topic) => void): Column<Topic>[] {
  const { t } = useWords();
  const departmentName = useDepartmentNames();
  const expiry = useExpiry();
  return [
    {
      key: "code",
      title: t("topic.code"),
      width: 128,
      show: (row) => (
        <span className={css.copied}>
          <code className={css.code}>{row.code}</code>
          <CopyButton text={row.code} label={t("copy.one", { name: row.code })} />
        </span>
      ),
    },
    {
      key: "name",
      title: t("field.name"),
      show: (row) => (
        <div className={css.topic}>
          <TopicIcon icon={row.icon} />
          <RowName
            name={row.name}
            detail={[row.name_en, !row.shown && t("topic.hidden"), expiry(row)].filter(Boolean).join(" · ")}
            open={() => open(row)}
          />
        </div>
      ),
    },
    {
      key: "department",
      title: t("field.department"),
      width: 160,
      from: "sm",
      show: (row) => departmentName(row.department),
    },
    {
      key: "aliases",
      title: t("topic.aliases"),
      from: "lg",
      show: (row) => (
        <span className={css.aliases}>
          {row.aliases.slice(0, 5).map((alias) => (
            <Tag key={alias}>{alias}</Tag>
          ))}
          {row.aliases.length > 5 && t("topic.more_aliases", { n: row.aliases.length - 5 })}
        </span>
      ),
    },
    {
      key: "link",
      title: t("links.url"),
      width: 72,
      show: (row) => !isOver(row) && <LinkButton source={{ kind: "topics" }} code={row.code} />,
    },
  ];
}
