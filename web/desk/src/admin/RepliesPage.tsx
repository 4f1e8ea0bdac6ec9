/**
 * The canned replies that several share: everybody's and each department's.
 */
import type { Reply } from "../server/replies";
import { useWords } from "../words/words";
import { useEditing } from "./editing";
import { useDepartmentNames } from "./fields";
import { type Column, Records, RowName } from "./Records";
import { ReplyDrawer } from "./ReplyDrawer";
import css from "./ReplyFields.module.css";
import { useRecords } from "./records";

export function RepliesPage() {
  const { t } = useWords();
  const editing = useEditing<Reply>();
  return (
    <>
      <Records
        title={t("replies.title")}
        hint={t("replies.hint")}
        empty={t("replies.empty")}
        icon="bolt"
        query={useRecords<Reply>("replies")}
        columns={useColumns(editing.start)}
        add={t("replies.add")}
        open={editing.start}
      />
      <ReplyDrawer kind="replies" editing={editing} />
    </>
  );
}

function useColumns(open: (row: Reply) => void): Column<Reply>[] {
  const { t } = useWords();
  const departmentName = useDepartmentNames();
  const owner = (row: Reply) => (row.department ? departmentName(row.department) : t("replies.everybody"));
  return [
    {
      key: "shortcut",
      title: t("replies.shortcut"),
      width: 112,
      show: (row) => <code>/{row.shortcut}</code>,
    },
    {
      key: "title",
      title: t("replies.name"),
      show: (row) => (
        <RowName
          name={row.title}
          detail={<span className={css.words}>{row.text}</span>}
          open={() => open(row)}
        />
      ),
    },
    { key: "scope", title: t("replies.scope"), width: 144, from: "sm", show: owner },
    {
      key: "languages",
      title: t("replies.languages"),
      width: 112,
      from: "md",
      show: (row) => (row.text_en ? t("replies.both") : t("replies.chinese")),
    },
    {
      key: "pictures",
      title: t("replies.pictures"),
      width: 80,
      align: "right",
      from: "lg",
      show: (row) => row.pictures.length || "–",
    },
  ];
}
