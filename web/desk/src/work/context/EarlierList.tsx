/**
 * What the same customer asked before: each opens as a conversation of its own.
 */
import { Link } from "wouter";
import { useNow } from "../../live/DeskLine";
import type { Earlier } from "../../server/beside";
import { shortTime } from "../../words/telling";
import { useWords } from "../../words/words";
import { CodeChip } from "../Marks";
import css from "./ContextPanel.module.css";
import own from "./EarlierList.module.css";
import { Part } from "./Part";

export function EarlierList({ earlier }: { earlier: Earlier[] }) {
  const { t, locale } = useWords();
  const now = useNow();
  return (
    <Part
      name="earlier"
      title={t("earlier.title")}
      brief={earlier.length > 0 && <span>{earlier.length}</span>}
    >
      {earlier.length === 0 && <p className={css.hint}>{t("earlier.none")}</p>}
      <ul>
        {earlier.map((one) => (
          <li key={one.id}>
            <Link href={`/c/${one.id}`} className={own.earlier}>
              {one.topic ? <CodeChip topic={one.topic} /> : <span>{t("context.no_code")}</span>}
              <span className={`${own.who} one-line`}>{one.agent?.name}</span>
              <span className={own.state}>{t(`status.${one.status}`)}</span>
              <time dateTime={one.opened_at}>{shortTime(locale, t, one.opened_at, now)}</time>
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}
