/**
 * What colleagues have asked oneself in notes: how many are unseen, and the way to each.
 */
import { Badge, Button, Popover } from "antd";
import { useState } from "react";
import { Link } from "wouter";
import { useNow } from "../live/DeskLine";
import { type Mention, useMentions } from "../server/mentions";
import { shortTime } from "../words/telling";
import { useWords } from "../words/words";
import css from "./MentionsButton.module.css";
import { Loading, Nothing, Trouble } from "./States";

export function MentionsButton() {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const unseen = useMentions().data?.filter(({ seen }) => !seen).length ?? 0;
  return (
    <Popover
      trigger="click"
      placement="bottom"
      align={{ overflow: { adjustX: true, shiftX: true } }} // on a phone it is as wide as the page
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      title={t("mentions.title")}
      content={<MentionList close={() => setOpen(false)} />}
    >
      <Badge count={unseen} size="small" title="">
        <Button
          type="text"
          icon={<span className={css.at}>@</span>}
          aria-expanded={open}
          aria-label={unseen ? t("mentions.unseen", { n: unseen }) : t("mentions.title")}
        />
      </Badge>
    </Popover>
  );
}

function MentionList({ close }: { close(): void }) {
  const { t } = useWords();
  const query = useMentions();
  if (query.isPending) return <Loading />;
  if (!query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (query.data.length === 0)
    return <Nothing icon="message" title={t("mentions.empty")} hint={t("mentions.empty.hint")} />;
  return (
    <ul className={css.list}>
      {query.data.map((mention) => (
        <li key={`${mention.conversation} ${mention.seq}`}>
          <MentionLink mention={mention} close={close} />
        </li>
      ))}
    </ul>
  );
}

function MentionLink({ mention, close }: { mention: Mention; close(): void }) {
  const { t, locale } = useWords();
  const now = useNow();
  const { conversation, customer, seq, at, by, text, seen } = mention;
  return (
    <Link href={`/c/${conversation}?at=${seq}`} className={css.mention} data-seen={seen} onClick={close}>
      <span className={css.head}>
        {!seen && <span className={css.dot} role="img" aria-label={t("mentions.new")} />}
        <strong dir="auto">{by}</strong>
        <span className="one-line" dir="auto">
          {customer}
        </span>
        <time dateTime={at}>{shortTime(locale, t, at, now)}</time>
      </span>
      <span className={css.words} dir="auto">
        {text}
      </span>
    </Link>
  );
}
