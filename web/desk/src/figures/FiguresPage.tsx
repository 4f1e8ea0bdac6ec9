/**
 * What the codes achieve: with a code beside without one, and every code's numbers over a period.
 */
import { Button, Segmented } from "antd";
import { useState } from "react";
import { ExportButton } from "../frame/ExportButton";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import type { Me } from "../server/shapes";
import { day } from "../words/telling";
import { useWords } from "../words/words";
import { CodeDrawer } from "./CodeDrawer";
import { CodeTable } from "./CodeTable";
import { Comparisons } from "./Comparisons";
import { FiguresHelp } from "./FiguresHelp";
import css from "./FiguresPage.module.css";
import { useFigures } from "./queries";
import { type CodeFigures, type Days, type Figures, PERIODS } from "./shapes";

export function FiguresPage({ me }: { me: Me }) {
  const { t } = useWords();
  const [days, setDays] = useState<Days>(30);
  const [help, setHelp] = useState(false);
  const figures = useFigures(days);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div>
          <h1>{t("figures.title")}</h1>
          <p>{t("figures.hint")}</p>
        </div>
        <div className={css.deeds}>
          <Segmented<Days>
            aria-label={t("figures.period")}
            value={days}
            onChange={setDays}
            options={PERIODS.map((value) => ({ value, label: t("figures.days", { n: value }) }))}
          />
          {me.permissions.includes("conversations.export") && (
            <ExportButton path={`/desk/code-figures/export?days=${days}`} file="code-figures.csv" />
          )}
          <Button icon={<Icon name="info" />} onClick={() => setHelp(true)}>
            {t("figures.help")}
          </Button>
        </div>
      </header>
      {figures.data ? (
        <Whole figures={figures.data} days={days} />
      ) : figures.isPending ? (
        <Loading />
      ) : (
        <Trouble error={figures.error} again={() => void figures.refetch()} />
      )}
      <FiguresHelp open={help} close={() => setHelp(false)} />
    </div>
  );
}

function Whole({ figures, days }: { figures: Figures; days: Days }) {
  const { t, locale } = useWords();
  const [opened, setOpened] = useState<CodeFigures>();
  if (isEmpty(figures))
    return (
      <div className={css.empty}>
        <Nothing icon="code" title={t("figures.empty")} hint={t("figures.empty.hint")} />
      </div>
    );
  const { asked, chosen, chose_person, unknown } = figures;
  return (
    <>
      <p className={css.detail}>
        {t("figures.since", {
          since: day(locale, `${figures.since}T12:00Z`),
          until: day(locale, `${figures.until}T12:00Z`),
        })}
        {!figures.complete && ` ${t("figures.incomplete")}`}
      </p>
      <Comparisons figures={figures} />
      <section className={css.part} aria-labelledby="figures-codes">
        <h2 id="figures-codes">{t("figures.codes")}</h2>
        <CodeTable codes={figures.codes} open={setOpened} />
        <p className={css.hint}>{t("figures.box", { asked, chosen, person: chose_person, unknown })}</p>
      </section>
      <CodeDrawer one={opened} days={days} close={() => setOpened(undefined)} />
    </>
  );
}

/** No code is in use, and nothing was ever opened or asked in this period. */
const isEmpty = ({ codes, comparisons, unknown }: Figures) =>
  comparisons.length === 1 &&
  unknown === 0 &&
  codes.every((one) => one.asked + one.expired + one.archived_tries === 0);
