/** One message: whose it is, what it says, whether staff have read it, and what one can still do with one's own. */
import type { Author, ConversationStatus, Entry, Locale } from "@mashang/protocol";
import { aboveButtons } from "@mashang/protocol/offered";
import type { App } from "../model/app";
import type { Row } from "../model/rows";
import { t } from "../words";
import { Assisting } from "./Assisting";
import { FileCard } from "./FileCard";
import { Icon } from "./Icon";
import { memo } from "./memo";
import { timeOf } from "./moments";
import { OwnWords } from "./OwnWords";
import { Picture } from "./Picture";
import type { View } from "./PictureViewer";
import { Prose } from "./Prose";
import { ShopCard } from "./ShopCard";

interface Props {
  app: App;
  conversation: string;
  row: Extract<Row, { kind: "said" }>;
  masked: boolean;
  view: View;
  status: ConversationStatus;
  /** Drawn again in another language. */
  spoken: Locale;
}

function SaidView({ app, conversation, row, masked, view, status }: Props) {
  const { entry, mine, opens, mark } = row;
  const { assistant } = entry;
  return (
    <div class={`said ${mine ? "mine" : "theirs"} ${opens ? "opens" : ""}`}>
      {opens && (
        <p class="said-by">
          {mine ? <span class="hidden">{t("author.me")}</span> : <By author={entry.author} />}{" "}
          <time dateTime={entry.at}>{timeOf(entry.at)}</time>
        </p>
      )}
      {mine ? (
        <OwnWords app={app} conversation={conversation} entry={entry}>
          <Body app={app} entry={entry} view={view} />
        </OwnWords>
      ) : (
        <Body app={app} entry={entry} view={view} />
      )}
      {assistant && (
        <Assisting
          app={app}
          conversation={conversation}
          seq={entry.seq}
          part={assistant}
          answer={row.answer}
          status={status}
        />
      )}
      {masked && <p class="under">{t("said.masked")}</p>}
      {mark && <p class="under">{mark === "read" ? t("said.read") : t("said.delivered")}</p>}
    </div>
  );
}

/** The drawing tells the assistant from a person where the name does not. */
function By({ author }: { author: Author }) {
  if (author.kind !== "assistant") return <span>{author.name ?? t("author.staff")}</span>;
  return (
    <span class="by-assistant">
      <Icon name="assistant" size={18} />
      {author.name ?? t("assistant")}
    </span>
  );
}

function Body({ app, entry, view }: { app: App; entry: Entry; view: View }) {
  if (entry.file?.picture) return <Picture app={app} file={entry.file} view={view} />;
  if (entry.file) return <FileCard app={app} file={entry.file} />;
  if (entry.card) return <ShopCard app={app} card={entry.card} />;
  const titled = entry.assistant?.kind === "answer" && entry.assistant.article?.title;
  return (
    <div class="bubble" dir="auto">
      {titled && <strong class="answer-title">{titled}</strong>}
      <Prose text={aboveButtons(entry)} />
    </div>
  );
}

export const Said = memo(
  SaidView,
  (a, b) =>
    a.row.entry === b.row.entry &&
    a.row.opens === b.row.opens &&
    a.row.mark === b.row.mark &&
    a.row.answer === b.row.answer &&
    a.status === b.status &&
    a.masked === b.masked &&
    a.spoken === b.spoken,
);
