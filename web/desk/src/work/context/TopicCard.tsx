/**
 * What the consultation is about: its code and topic, where the customer was, its place in the queue.
 */
import { ticket } from "@mashang/protocol/ticket";
import type { Conversation } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./ContextPanel.module.css";
import { Part } from "./Part";
import own from "./TopicCard.module.css";

export function TopicCard({ conversation }: { conversation: Conversation }) {
  const { t, locale } = useWords();
  const { topic, page } = conversation;
  return (
    <Part name="topic" title={t("context.topic")}>
      <p className={own.topic}>
        {topic ? (
          <>
            <b className={own.code}>{topic.code}</b> <span>{topic.name}</span>
          </>
        ) : (
          <span>{t("context.no_code")}</span>
        )}
      </p>
      <dl className={css.facts}>
        <dt>{t("context.opened")}</dt>
        <dd>{fullTime(locale, conversation.opened_at)}</dd>
        {conversation.number != null && (
          <>
            <dt>{t("context.number")}</dt>
            <dd>{ticket(conversation.number)}</dd>
          </>
        )}
        <dt>{t("context.site")}</dt>
        <dd>{conversation.site.name}</dd>
        {page?.url && (
          <>
            <dt>{t("context.page")}</dt>
            <dd>
              <PageLink url={page.url} title={page.title} />
            </dd>
          </>
        )}
      </dl>
    </Part>
  );
}

/** Only a page of the web becomes a link: the address was sent by the customer's browser. */
function PageLink({ url, title }: { url: string; title: string }) {
  if (!/^https?:\/\//.test(url)) return <span>{title || url}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {title || url}
    </a>
  );
}
