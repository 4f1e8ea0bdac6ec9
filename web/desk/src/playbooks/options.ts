/**
 * The playbooks that run, to choose one of.
 */
import type { Option } from "../frame/Choice";
import { useWords } from "../words/words";
import { usePlaybooks } from "./queries";

export function usePlaybookOptions(): Option[] | undefined {
  const { locale } = useWords();
  const { data, isPending } = usePlaybooks();
  if (isPending) return undefined;
  return (data ?? [])
    .filter(({ runs }) => runs)
    .map((one) => ({ value: one.key, label: (locale === "en" && one.title_en) || one.title }));
}
