/**
 * Taking back what one has just said, and what then stands in its place.
 *
 * The button is there for as long as the server allows it. Who took a text back can go on with it: the words are
 * kept in this page for that, and nowhere else.
 */
import type { Entry } from "@mashang/protocol";
import { RECALLED_WITHIN_MS } from "@mashang/protocol/recall";
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

const takenBack = new Map<string, Draft>();
const keyOf = (conversation: string, seq: number) => `${conversation} ${seq}`;

export const isRecallable = (entry: Entry, me: Me, now: number): boolean =>
  entry.author.kind === "agent" &&
  entry.author.id === me.id &&
  now - Date.parse(entry.at) < RECALLED_WITHIN_MS;

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

interface TombstoneProps {
  conversation: string;
  entry: Entry;
  me: Me;
  /** How the customer is called here. */
  customer: string;
}

export function Tombstone({ conversation, entry, me, customer }: TombstoneProps) {
  const { t, locale } = useWords();
  const { author, seq, at } = entry;
  const who = author.kind === "customer" ? customer : author.id === me.id ? t("recall.me") : author.name;
  const draft = takenBack.get(keyOf(conversation, seq));
  return (
    <p className={eventCss.event}>
      <span>{t("event.recalled", { who: who ?? "" })}</span> <time dateTime={at}>{clock(locale, at)}</time>
      {draft && (
        <Button type="link" size="small" onClick={() => returned.give(conversation, draft)}>
          {t("recall.edit")}
        </Button>
      )}
    </p>
  );
}
