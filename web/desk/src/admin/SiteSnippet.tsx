/**
 * What goes into the shop's pages: the one thing left to do once a site is saved, so it stands above the form.
 */
import { Alert } from "antd";
import { CopyButton } from "../frame/CopyButton";
import { useWords } from "../words/words";
import css from "./SiteSnippet.module.css";

interface SiteSnippetProps {
  snippet: string;
  /** The site was made just now. */
  made: boolean;
}

export function SiteSnippet({ snippet, made }: SiteSnippetProps) {
  const { t } = useWords();
  return (
    <section className={css.part}>
      {made && <Alert className={css.made} type="success" showIcon title={t("site.made")} />}
      <h2>{t("site.snippet")}</h2>
      <p className={css.hint}>{t("site.snippet.hint")}</p>
      <div className={css.snippet}>
        <pre>
          <code>{snippet}</code>
        </pre>
        <CopyButton text={snippet} label={t("site.snippet.copy")} />
      </div>
    </section>
  );
}
