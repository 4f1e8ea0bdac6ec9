/**
 * Taking back what one has just said, and what then stands in its place.
 *
 * The button is there for as long as the server allows it. Who took a text back can go on with it: the words are
 * kept in this page for that, and nowhere else.
 */
import type { Entry } from "@mashang/protocol";
import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import { post } from "../../server/http";
import type { Me } from "../../server/shapes";
import { clock } from "../../words/telling";
import { useWords } from "../../words/words";
import type { Draft } from "../drafts";
import eventCss from "./EventLine.module.css";
import css from "./Recall.module.css";
import { returned } from "./returned";

/** As the server counts, less what a request takes. */
const WITHIN = 2 * 60_000 - 2_000;
const takenBack = new Map<string, Draft>();
const keyOf = (conversation: string, seq: number) => `${conversation} ${seq}`;

export const isRecallable = (entry: Entry, me: Me, now: number): boolean =>
  entry.author.kind === "agent" && entry.author.id === me.id && now - Date.parse(entry.at) < WITHIN;

export function RecallButton({ conversation, entry }: { conversation: string; entry: Entry }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const recall = useMutation({
    mutationFn: () => post<void>(`/desk/conversations/${conversation}/entries/${entry.seq}/recall`),
    onError: (error) => void message.error(sentence(t, error)),
  });
  const { seq, text, audience } = entry;
  return (
    <Button
      type="text"
      size="small"
      className={css.recall}
      icon={<Icon name="reopen" />}
      loading={recall.isPending}
      onClick={() => {
        if (text) takenBack.set(keyOf(conversation, seq), { text, audience });
        recall.mutate();
      }}
    >
      {t("recall.do")}
    </Button>
  );
}

export function Tombstone({ conversation, entry, me }: { conversation: string; entry: Entry; me: Me }) {
  const { t, locale } = useWords();
  const { author, seq, at } = entry;
  const draft = takenBack.get(keyOf(conversation, seq));
  return (
    <p className={eventCss.event}>
      <span>{t("event.recalled", { who: author.id === me.id ? t("recall.me") : (author.name ?? "") })}</span>{" "}
      <time dateTime={at}>{clock(locale, at)}</time>
      {draft && (
        <Button type="link" size="small" onClick={() => returned.give(conversation, draft)}>
          {t("recall.edit")}
        </Button>
      )}
    </p>
  );
}
