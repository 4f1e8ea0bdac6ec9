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

export function Said({ text, names = [] }: { text: string; names?: string[] | undefined }) {
  return (
    <span className={css.said} dir="auto">
      {text.split(SPECIAL).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
        <Fragment key={at}>{at % 2 ? <Special part={part} /> : <Plain part={part} names={names} />}</Fragment>
      ))}
    </span>
  );
}

/** Words, with the colleagues a note names standing out. */
function Plain({ part, names }: { part: string; names: string[] }) {
  const signs = names.map((name) => `@${name}`).filter((sign) => part.includes(sign));
  const [sign] = signs.sort((one, other) => other.length - one.length);
  if (!sign) return part;
  const at = part.indexOf(sign);
  return (
    <>
      <Plain part={part.slice(0, at)} names={names} />
      <mark className={css.name}>{sign}</mark>
      <Plain part={part.slice(at + sign.length)} names={names} />
    </>
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
