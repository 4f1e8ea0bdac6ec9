import { useWords } from "../words/words";

/** Minutes and shares as the board and the record of waits write them. */
export function useMeasures() {
  const { t, locale } = useWords();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  return {
    minutes: (value: number | null) =>
      value === null ? "–" : t("waits.minutes", { n: number.format(value) }),
    percent: (value: number) => share.format(value),
  };
}
