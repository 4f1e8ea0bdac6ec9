/**
 * What a connected shop can do and what it cannot, as far as it was asked.
 */
import { Icon } from "../frame/Icon";
import { isWord, useWords } from "../words/words";
import css from "./ShopAbilities.module.css";
import part from "./ShopPart.module.css";
import type { Ability } from "./shapes";

export function ShopAbilities({ abilities }: { abilities: Ability[] }) {
  const { t } = useWords();
  const isUnknown = abilities.some((one) => one.can === null || one.can === undefined);
  return (
    <section className={part.part}>
      <h2>{t("shop.abilities")}</h2>
      {isUnknown && <p className={css.hint}>{t("shop.abilities.unknown")}</p>}
      <ul className={css.list}>
        {abilities.map(({ name, can }) => {
          const key = `shop.ability.${name}`;
          const state = can === true ? "can" : can === false ? "cannot" : "unknown";
          return (
            <li key={name} data-state={state}>
              <Icon name={can === true ? "check" : can === false ? "close" : "clock"} />
              <span>{isWord(key) ? t(key) : name}</span>
              <span className="for-readers">{t(`shop.ability.is.${state}`)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
