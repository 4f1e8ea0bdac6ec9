/**
 * An agent's own canned replies, beside the conversation: looked through, written and changed without leaving it.
 */
import { Button, Drawer } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import { type Reply, useReplies } from "../server/replies";
import { useWords } from "../words/words";
import { useEditing } from "./editing";
import { ReplyDrawer } from "./ReplyDrawer";
import css from "./ReplyFields.module.css";

/** `close` is called when it has gone, and no longer holds the focus. */
export default function OwnReplies({ close }: { close(): void }) {
  const { t } = useWords();
  const [open, setOpen] = useState(true);
  const editing = useEditing<Reply>();
  const add = (
    <Button type="primary" icon={<Icon name="plus" />} onClick={() => editing.start()}>
      {t("replies.add")}
    </Button>
  );
  return (
    <Drawer
      open={open}
      title={t("replies.mine")}
      size={Math.min(560, window.innerWidth)}
      extra={add}
      onClose={() => setOpen(false)}
      afterOpenChange={(shown) => !shown && close()}
    >
      <p className={css.hint}>{t("replies.mine.hint")}</p>
      <OwnList open={editing.start} />
      <ReplyDrawer kind="own-replies" editing={editing} />
    </Drawer>
  );
}

function OwnList({ open }: { open(reply: Reply): void }) {
  const { t } = useWords();
  const query = useReplies();
  if (query.isPending) return <Loading />;
  if (!query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  const own = query.data.filter(({ scope }) => scope === "own");
  if (own.length === 0) return <Nothing icon="bolt" title={t("replies.mine.empty")} />;
  return own.map((reply) => (
    <button key={reply.id} type="button" className={css.own} onClick={() => open(reply)}>
      <code>/{reply.shortcut}</code>
      <span>
        <strong dir="auto">{reply.title}</strong>
        <span className={css.words} dir="auto">
          {reply.text}
        </span>
      </span>
    </button>
  ));
}
