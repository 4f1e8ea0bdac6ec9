/**
 * One message: the customer's on the left, the staff's on the right, a note among colleagues visibly neither.
 *
 * A message on its way looks like a sent one with its standing below it; a refused one says why and can be sent
 * again or taken back into the composer.
 */
import type { Attachment, Audience, Entry, ShopCardFacts } from "@mashang/protocol";
import { aboveButtons } from "@mashang/protocol/offered";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Icon } from "../../frame/Icon";
import { useDesk } from "../../live/DeskLine";
import type { Unsent } from "../../live/outbox";
import type { Me } from "../../server/shapes";
import { clock } from "../../words/telling";
import { useWords } from "../../words/words";
import { AssistantPart } from "./AssistantPart";
import css from "./Bubble.module.css";
import { FileCard } from "./FileCard";
import { PictureCard } from "./PictureCard";
import { returned } from "./returned";
import { Said } from "./Said";
import { ShopCard } from "./ShopCard";

interface EntryBubbleProps {
  entry: Entry;
  customer: string;
  me: Me;
  /** Goes on from the message above: its writer need not be named again. */
  joined: boolean;
  /** The customer has seen it, and nothing later. */
  read: boolean;
  /** Of the assistant's: the option that the customer took below it. */
  chosen?: string | null;
  /** What one can do with it, beside it. */
  beside?: ReactNode;
}

export function EntryBubble({ entry, customer, me, joined, read, chosen = null, beside }: EntryBubbleProps) {
  const { t, locale } = useWords();
  const { author } = entry;
  const names = {
    customer,
    agent: author.id === me.id ? t("timeline.me") : (author.name ?? ""),
    assistant: author.name ?? t("party.assistant"),
    system: t("timeline.automatic"),
  };
  return (
    <article className={css.message} data-side={side(entry)} data-author={author.kind} data-joined={joined}>
      {!joined && (
        <header className={css.head}>
          <span className={css.author} dir="auto">
            {author.kind === "assistant" && <Icon name="assistant" />} {names[author.kind]}
          </span>
          {entry.audience === "staff" && <NoteMark />}
          <time dateTime={entry.at}>{clock(locale, entry.at)}</time>
        </header>
      )}
      <div className={css.row}>
        <Content
          text={aboveButtons(entry)}
          file={entry.file}
          audience={entry.audience}
          names={entry.mentions?.map(({ name }) => name)}
          card={entry.card}
        />
        {beside}
      </div>
      {entry.assistant && <AssistantPart part={entry.assistant} chosen={chosen} />}
      {read && (
        <p className={css.standing}>
          <Icon name="check" /> {t("timeline.read")}
        </p>
      )}
    </article>
  );
}

const side = (entry: Entry): "theirs" | "ours" => (entry.author.kind === "customer" ? "theirs" : "ours");

function NoteMark() {
  const { t } = useWords();
  return (
    <span className={css.noteMark}>
      <Icon name="lock" /> {t("timeline.note")}
    </span>
  );
}

interface ContentProps {
  text: string;
  file?: Attachment | null;
  audience: Audience;
  faint?: boolean;
  /** Whom a note names. */
  names?: string[] | undefined;
  card?: ShopCardFacts | null | undefined;
}

function Content({ text, file, audience, faint, names, card }: ContentProps) {
  const bubble = (inside: ReactNode) => (
    <div className={css.bubble} data-note={audience === "staff"} data-faint={faint}>
      {inside}
    </div>
  );
  if (card) return bubble(<ShopCard card={card} />);
  if (!file) return bubble(<Said text={text} names={names} />);
  if (file.picture)
    return (
      <div className={css.picture} data-note={audience === "staff"} data-faint={faint}>
        <PictureCard file={file} />
        {text && <Said text={text} />}
      </div>
    );
  return bubble(
    <>
      <FileCard file={file} />
      {text && <Said text={text} />}
    </>,
  );
}

export function UnsentBubble({ message }: { message: Unsent }) {
  const { t } = useWords();
  const failed = message.state === "failed";
  return (
    <article className={css.message} data-side="ours" data-joined="true">
      <div className={css.row}>
        <Content text={message.text} file={message.file} audience={message.audience} faint={!failed} />
      </div>
      {failed ? (
        <Failed message={message} />
      ) : (
        <p className={css.standing} role="status">
          <Icon name={message.state === "sent" ? "check" : "clock"} /> {t(`unsent.${message.state}`)}
        </p>
      )}
    </article>
  );
}

function Failed({ message }: { message: Unsent }) {
  const { t } = useWords();
  const desk = useDesk();
  const takeBack = () => {
    desk.outbox.drop(message.client_id);
    if (message.text) returned.give(message.conversation, { text: message.text, audience: message.audience });
  };
  return (
    <p className={css.failed} role="alert">
      <Icon name="alert" /> <span>{t("unsent.failed", { reason: message.reason ?? "" })}</span>
      <Button size="small" type="link" onClick={() => desk.retry(message.client_id)}>
        {t("do.retry")}
      </Button>
      <Button size="small" type="link" onClick={takeBack}>
        {t(message.text ? "do.edit_again" : "do.discard")}
      </Button>
    </p>
  );
}
