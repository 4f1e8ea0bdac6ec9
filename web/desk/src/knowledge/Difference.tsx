/**
 * What changed between two versions of an article, in each language.
 */
import { useWords } from "../words/words";
import css from "./Article.module.css";
import { difference } from "./difference";
import { LOCALES, type Texts } from "./shapes";

export function Difference({ from, to }: { from: Texts; to: Texts }) {
  const { t } = useWords();
  const differing = LOCALES.filter(
    (locale) => from[locale]?.title !== to[locale]?.title || from[locale]?.body !== to[locale]?.body,
  );
  if (differing.length === 0) return <p className={css.faint}>{t("knowledge.no_difference")}</p>;
  return (
    <>
      {differing.map((locale) => (
        <section key={locale} className={css.difference}>
          <h3>{t(`language.${locale}`)}</h3>
          <Lines from={whole(from, locale)} to={whole(to, locale)} />
        </section>
      ))}
    </>
  );
}

const whole = (texts: Texts, locale: "zh-CN" | "en"): string =>
  texts[locale] ? `# ${texts[locale]?.title ?? ""}\n${texts[locale]?.body ?? ""}` : "";

const SIGNS = { same: " ", out: "−", in: "+" } as const;

function Lines({ from, to }: { from: string; to: string }) {
  const { t } = useWords();
  const words = { same: "", out: t("knowledge.line.out"), in: t("knowledge.line.in") };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys
    <section className={css.lines} tabIndex={0} aria-label={t("knowledge.difference")}>
      {difference(from, to).map((line, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name and never move
        <div key={n} data-kind={line.kind}>
          <span aria-hidden>{SIGNS[line.kind]}</span>
          {words[line.kind] && <span className="for-readers">{words[line.kind]}</span>}
          {line.text || " "}
        </div>
      ))}
    </section>
  );
}
