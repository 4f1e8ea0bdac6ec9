/**
 * Where one canned reply is made or changed, one's own or one that is shared.
 */
import type { Reply } from "../server/replies";
import { useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import type { Editing } from "./editing";
import { draftOfReply, NEW_REPLY, type ReplyDraft, ReplyFields, sentDraft } from "./ReplyFields";

interface ReplyDrawerProps {
  kind: "replies" | "own-replies";
  editing: Editing<Reply>;
}

export function ReplyDrawer({ kind, editing }: ReplyDrawerProps) {
  const { t } = useWords();
  const shared = kind === "replies";
  const { row } = editing;
  return (
    <EditDrawer<ReplyDraft, Reply>
      {...editing}
      kind={kind}
      editable
      id={row?.id}
      size={560}
      title={row ? row.title : t("replies.add")}
      initial={row ? draftOfReply(row) : NEW_REPLY}
      draft={(values) => sentDraft(values, shared)}
      archive={{ title: t("replies.archive", { name: row?.title ?? "" }), hint: t("replies.archive.hint") }}
    >
      <ReplyFields shared={shared} />
    </EditDrawer>
  );
}
