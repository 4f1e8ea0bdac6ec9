/**
 * The words of a message: lines kept, addresses of pages as links, what the server hid shown as hidden.
 */
import { Fragment } from "react";
import { Icon } from "../../frame/Icon";
import { useWords } from "../../words/words";
import css from "./Said.module.css";

/** An http(s) address up to white space, Chinese text, a turn of direction or closing punctuation; or masking dots. */
const SPECIAL =
  /(https?:\/\/[^\s<>"'\u200e\u200f\u202a-\u202e\u2066-\u2069\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+[^\s<>"'\u200e\u200f\u202a-\u202e\u2066-\u2069\u3000-\u303f\u4e00-\u9fff\uff00-\uffef.,;:!?)\]}]|\u2022{2,})/;

export function Said({ text }: { text: string }) {
  return (
    <span className={css.said} dir="auto">
      {text.split(SPECIAL).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
        <Fragment key={at}>{at % 2 ? <Special part={part} /> : part}</Fragment>
      ))}
    </span>
  );
}

function Special({ part }: { part: string }) {
  const { t } = useWords();
  if (part.startsWith("http"))
    return (
      <a dir="ltr" href={part} target="_blank" rel="noopener noreferrer nofollow">
        {part}
      </a>
    );
  return (
    <span className={css.masked} title={t("timeline.masked")}>
      <Icon name="lock" /> {part}
      <span className="for-readers">{t("timeline.masked")}</span>
    </span>
  );
}
