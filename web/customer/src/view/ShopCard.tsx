/**
 * Something of the shop that staff recommend: what it is, what it costs, and a button to the shop's own page.
 *
 * The page opens beside the chat, and where it leads stands on the card. Nothing is loaded from there.
 */
import type { ShopCardFacts } from "@mashang/protocol";
import { t } from "../words";

export function ShopCard({ card }: { card: ShopCardFacts }) {
  const { kind, title, price, note, url, host } = card;
  return (
    <div class="shop-card" dir="auto">
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
