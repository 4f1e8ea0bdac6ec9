/**
 * The playbooks that run, to choose one of.
 */
import { useWords } from "../words/words";
import { usePlaybooks } from "./queries";

export function usePlaybookOptions() {
  const { locale } = useWords();
  return (usePlaybooks().data ?? [])
    .filter(({ runs }) => runs)
    .map((one) => ({ value: one.key, label: (locale === "en" && one.title_en) || one.title }));
}
