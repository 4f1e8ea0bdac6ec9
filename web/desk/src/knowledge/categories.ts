/**
 * Names of categories in the reader's language.
 */
import { useWords } from "../words/words";
import { useCategories } from "./queries";

/** The filter that finds articles without one. */
export const NO_CATEGORY = "none";

export function useCategoryOptions(): { value: string; label: string }[] {
  const { locale } = useWords();
  const categories = useCategories().data ?? [];
  return categories.map(({ id, name, name_en }) => ({
    value: id,
    label: (locale === "en" && name_en) || name,
  }));
}

export function useCategoryName(): (id: string | null) => string {
  const { t } = useWords();
  const options = useCategoryOptions();
  return (id) => options.find(({ value }) => value === id)?.label ?? t("knowledge.category.none");
}
