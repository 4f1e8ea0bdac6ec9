/**
 * The sheet that is printed: the chosen codes on A4, many to cut apart or one to hang up. What is seen is what is printed.
 *
 * White paper in dark mode too. The controls above it stay on the screen.
 */
import { Button, Checkbox, Segmented } from "antd";
import { useEffect, useId, useState } from "react";
import { useSearchParams } from "wouter";
import { Icon } from "../frame/Icon";
import { Loading, Trouble } from "../frame/States";
import { useWords } from "../words/words";
import { type LinkSheet, type Source, useLinks } from "./links";
import css from "./PrintPage.module.css";
import { ReachNote } from "./ReachNote";
import { SiteChoice } from "./SiteChoice";

type Layout = "many" | "one";

export default function PrintPage({ source }: { source: Source }) {
  const { t } = useWords();
  const [asked] = useSearchParams();
  const [site, choose] = useState(asked.get("site") ?? "");
  const query = useLinks(source, site);
  useEffect(() => {
    document.title = t("print.title");
  }, [t]);
  const only = asked.get("only");
  return (
    <main className={css.page}>
      <h1 className={css.title}>{t("print.title")}</h1>
      {source.kind !== "conversation" && (
        <div className={css.site}>
          <SiteChoice site={site} choose={choose} />
        </div>
      )}
      {query.isPending && <Loading />}
      {query.error && <Trouble error={query.error} again={() => void query.refetch()} />}
      {query.data && <Sheet sheet={query.data} first={firstOf(source, query.data, only)} />}
    </main>
  );
}

/** What is chosen at first: the asked one, the campaign's asked code, or everything. */
function firstOf(source: Source, { links }: LinkSheet, only: string | null): string[] {
  const codes = links.map(({ code }) => code);
  if (source.kind === "campaign") return codes.slice(0, 1);
  return only && codes.includes(only) ? [only] : codes;
}

function Sheet({ sheet, first }: { sheet: LinkSheet; first: string[] }) {
  const { t } = useWords();
  const [chosen, choose] = useState(first);
  const [layout, lay] = useState<Layout>(first.length === 1 ? "one" : "many");
  const shown = sheet.links.filter(({ code }) => chosen.includes(code));
  return (
    <>
      <div className={css.controls}>
        <ReachNote place={sheet.place} />
        {sheet.links.length > 1 && <Choice sheet={sheet} chosen={chosen} choose={choose} />}
        <div className={css.row}>
          <Segmented<Layout>
            value={layout}
            aria-label={t("print.layout")}
            options={[
              { value: "many", label: t("print.layout.many") },
              { value: "one", label: t("print.layout.one") },
            ]}
            onChange={lay}
          />
          <Button
            type="primary"
            icon={<Icon name="print" />}
            disabled={shown.length === 0}
            onClick={() => window.print()}
          >
            {t("links.print")}
          </Button>
          <span className={css.hint}>{t(shown.length === 0 ? "print.nothing" : "print.hint")}</span>
        </div>
      </div>
      <section className={css.sheet} data-layout={layout} aria-label={t("print.sheet")}>
        {shown.map((link) => (
          <figure key={link.code} className={css.card}>
            <figcaption>{sheet.place.title}</figcaption>
            <img src={link.picture} alt={`${link.code} ${link.name}`} />
            <p>{t("print.line")}</p>
          </figure>
        ))}
      </section>
    </>
  );
}

interface ChoiceProps {
  sheet: LinkSheet;
  chosen: string[];
  choose(codes: string[]): void;
}

function Choice({ sheet, chosen, choose }: ChoiceProps) {
  const { t } = useWords();
  const label = useId();
  const all = sheet.links.map(({ code }) => code);
  const whole = chosen.length === all.length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be scrolled in every browser
    <div role="group" aria-labelledby={label}>
      <div className={css.row}>
        <h2 id={label}>{t("print.choose")}</h2>
        <Button size="small" onClick={() => choose(whole ? [] : all)}>
          {t(whole ? "print.none" : "print.all")}
        </Button>
      </div>
      <Checkbox.Group
        className={css.choice}
        value={chosen}
        options={sheet.links.map(({ code, name }) => ({ value: code, label: `${code} ${name}` }))}
        onChange={choose}
      />
    </div>
  );
}
