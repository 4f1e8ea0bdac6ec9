/**
 * The entries of the menu behind a slash: canned replies that fit what was typed, and what choosing one does.
 */
import { App, Button } from "antd";
import { Icon } from "../../../frame/Icon";
import { sentence } from "../../../frame/States";
import { useDesk } from "../../../live/DeskLine";
import { fitting, insertReply, pictureOf, type Reply, useReplies } from "../../../server/replies";
import type { Conversation } from "../../../server/shapes";
import { useWords } from "../../../words/words";
import type { Put } from "./Field";
import type { Suggestion } from "./Suggestions";
import css from "./Suggestions.module.css";
import type { Typed } from "./typed";

export function useReplyMenu(conversation: Conversation, typed: Typed | null, put: Put): Suggestion[] | null {
  const { t } = useWords();
  const replies = useReplies().data ?? [];
  const choose = useInserting(conversation, put);
  if (typed?.sign !== "/") return null;
  const english = conversation.locale === "en";
  return fitting(replies, typed.query).map((reply) => ({
    key: reply.id,
    lead: `/${reply.shortcut}`,
    title: reply.title,
    detail: (english && reply.text_en) || reply.text,
    side: (
      <>
        {reply.pictures.length > 0 && (
          <>
            <Icon name="picture" /> {reply.pictures.length}{" "}
          </>
        )}
        {reply.scope === "own" && t("replies.own")}
      </>
    ),
    choose: () => void choose(reply, typed),
  }));
}

/** The server fills it in; the text comes into the field, the pictures beside it, and nothing is sent yet. */
function useInserting(conversation: Conversation, put: Put) {
  const { t } = useWords();
  const { message } = App.useApp();
  const { trays } = useDesk();
  return async (reply: Reply, typed: Typed): Promise<void> => {
    try {
      const { text, files } = await insertReply(conversation.id, reply.id);
      const previews = reply.pictures.map(({ id }) => pictureOf(id));
      trays.place(
        conversation.id,
        files.map((attachment, at) => ({ attachment, preview: previews[at] })),
      );
      put(typed, text);
    } catch (error) {
      void message.error(sentence(t, error));
    }
  };
}

export function RepliesFooter({ manage }: { manage(): void }) {
  const { t } = useWords();
  return (
    <>
      <span className={css.keys}>{t("replies.keys")}</span>
      <Button type="link" size="small" onClick={manage}>
        {t("replies.mine")}
      </Button>
    </>
  );
}
