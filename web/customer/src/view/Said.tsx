/** One message: whose it is, what it says, and whether staff have read it. */

import type { App } from "../model/app";
import type { Row } from "../model/rows";
import { t } from "../words";
import { FileCard } from "./FileCard";
import { memo } from "./memo";
import { timeOf } from "./moments";
import { Picture } from "./Picture";
import type { View } from "./PictureViewer";
import { Prose } from "./Prose";
import { ShopCard } from "./ShopCard";

interface Props {
  app: App;
  row: Extract<Row, { kind: "said" }>;
  masked: boolean;
  view: View;
}

function SaidView({ app, row, masked, view }: Props) {
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
      {entry.file?.picture ? (
        <Picture app={app} file={entry.file} view={view} />
      ) : entry.file ? (
        <FileCard app={app} file={entry.file} />
      ) : entry.card ? (
        <ShopCard card={entry.card} />
      ) : (
        <div class="bubble" dir="auto">
          <Prose text={entry.text ?? ""} />
        </div>
      )}
      {masked && <p class="under">{t("said.masked")}</p>}
      {mark && <p class="under">{mark === "read" ? t("said.read") : t("said.delivered")}</p>}
    </div>
  );
}

export const Said = memo(
  SaidView,
  (a, b) =>
    a.row.entry === b.row.entry &&
    a.row.opens === b.row.opens &&
    a.row.mark === b.row.mark &&
    a.masked === b.masked,
);
