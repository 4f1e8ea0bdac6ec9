/**
 * A card of something the shop sells, as the customer sees it; its picture is a copy of ours, and may be missing.
 */
import type { Attachment, ShopCardFacts } from "@mashang/protocol";
import { useState } from "react";
import { Icon } from "../../frame/Icon";
import { useFileAddress } from "../../server/files";
import { useWords } from "../../words/words";
import css from "./ShopCard.module.css";

export function ShopCard({ card }: { card: ShopCardFacts }) {
  const { t } = useWords();
  const { kind, title, price, note, url, host, picture } = card;
  return (
    <div className={css.card} dir="auto">
      {picture && <CardPicture picture={picture} title={title} />}
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

function CardPicture({ picture, title }: { picture: Attachment; title: string }) {
  const { t } = useWords();
  const [missing, setMissing] = useState(false);
  const address = useFileAddress(picture.id);
  const source = address.data?.preview_url ?? address.data?.url;
  if (missing || address.isError || address.data === null) return null;
  return (
    <span className={css.picture}>
      {source && <img src={source} alt={t("card.picture", { title })} onError={() => setMissing(true)} />}
    </span>
  );
}
