/** One message: whose it is, what it says, whether staff have read it, and what one can still do with one's own. */
import type { Entry, Locale } from "@mashang/protocol";
import type { App } from "../model/app";
import type { Row } from "../model/rows";
import { t } from "../words";
import { FileCard } from "./FileCard";
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
  /** Drawn again in another language. */
  spoken: Locale;
}

function SaidView({ app, conversation, row, masked, view }: Props) {
  const { entry, mine, opens, mark } = row;
  const name = entry.author.name ?? t("author.staff");
  return (
    <div class={`said ${mine ? "mine" : "theirs"} ${opens ? "opens" : ""}`}>
      {opens && (
        <p class="said-by">
          {mine ? <span class="hidden">{t("author.me")}</span> : <span>{name}</span>}{" "}
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
      {masked && <p class="under">{t("said.masked")}</p>}
      {mark && <p class="under">{mark === "read" ? t("said.read") : t("said.delivered")}</p>}
    </div>
  );
}

function Body({ app, entry, view }: { app: App; entry: Entry; view: View }) {
  if (entry.file?.picture) return <Picture app={app} file={entry.file} view={view} />;
  if (entry.file) return <FileCard app={app} file={entry.file} />;
  if (entry.card) return <ShopCard app={app} card={entry.card} />;
  return (
    <div class="bubble" dir="auto">
      <Prose text={entry.text ?? ""} />
    </div>
  );
}

export const Said = memo(
  SaidView,
  (a, b) =>
    a.row.entry === b.row.entry &&
    a.row.opens === b.row.opens &&
    a.row.mark === b.row.mark &&
    a.masked === b.masked &&
    a.spoken === b.spoken,
);
