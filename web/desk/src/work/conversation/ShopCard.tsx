/**
 * A card of something the shop sells, as the customer sees it; without the shop's picture, which would have to be
 * loaded from another host.
 */
import type { ShopCardFacts } from "@mashang/protocol";
import { Icon } from "../../frame/Icon";
import { useWords } from "../../words/words";
import css from "./ShopCard.module.css";

export function ShopCard({ card }: { card: ShopCardFacts }) {
  const { t } = useWords();
  const { kind, title, price, note, url, host } = card;
  return (
    <div className={css.card} dir="auto">
      <span className={css.kind}>
        <Icon name="shop" /> {t(`card.${kind}`)}
      </span>
      <strong className={css.title}>{title}</strong>
      {price && <span className={css.price}>{price}</span>}
      {note && <span className={css.note}>{note}</span>}
      <a href={url} target="_blank" rel="noopener noreferrer" dir="ltr" className={css.host}>
        {host}
      </a>
    </div>
  );
}
