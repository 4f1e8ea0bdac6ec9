/**
 * Something of the shop that staff recommend: how it looks, what it is, what it costs, and a button to the shop's page.
 *
 * The page opens beside the chat, and where it leads stands on the card. Nothing is loaded from there: the picture is
 * a copy of ours, and a card whose picture does not come is a card without one.
 */
import type { Attachment, ShopCardFacts } from "@mashang/protocol";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";

/** Of its width; a taller picture shows its middle. */
const TALLEST = 0.75;

export function ShopCard({ app, card }: { app: App; card: ShopCardFacts }) {
  const { kind, title, price, note, url, host, picture } = card;
  return (
    <div class="shop-card" dir="auto">
      {picture && <CardPicture app={app} picture={picture} title={title} />}
      <strong>{title}</strong>
      {price && <span class="shop-card-price">{price}</span>}
      {note && <span class="shop-card-note">{note}</span>}
      <a class="shop-card-go" href={url} target="_blank" rel="noopener noreferrer">
        {t(kind === "product" ? "card.product" : "card.link")}
        <span class="shop-card-host" dir="ltr">
          {host}
        </span>
      </a>
    </div>
  );
}

function CardPicture({ app, picture, title }: { app: App; picture: Attachment; title: string }) {
  const [source, setSource] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let here = true;
    app.addresses
      .of(picture.id)
      .then(({ url, preview_url }) => here && setSource(preview_url ?? url))
      .catch(() => here && setMissing(true));
    return () => {
      here = false;
    };
  }, [app, picture.id]);
  if (missing) return null;
  const height = Math.min(TALLEST, (picture.height ?? 1) / (picture.width ?? 1));
  return (
    <span class="shop-card-picture" style={{ paddingTop: `${height * 100}%` }}>
      {source && (
        <img src={source} alt={t("picture.alt", { name: title })} onError={() => setMissing(true)} />
      )}
    </span>
  );
}
