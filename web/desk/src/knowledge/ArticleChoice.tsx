/**
 * One article, chosen by its title, its text or another phrasing.
 *
 * What is seen is what was found before, until the server answered what is typed: Enter takes none of that.
 */
import { Select, type SelectProps } from "antd";
import { useState } from "react";
import type { Option } from "../frame/Choice";
import { useWords } from "../words/words";
import { useArticles } from "./queries";

interface ArticleChoiceProps<Value>
  extends Omit<SelectProps<Value>, "options" | "loading" | "showSearch" | "onInputKeyDown"> {
  by: "id" | "key";
  /** Beside the articles: first before anything is typed, then after all that is found. */
  another?: Option;
}

export function ArticleChoice<Value = string>({ by, another, ...rest }: ArticleChoiceProps<Value>) {
  const { t, locale } = useWords();
  const [typed, setTyped] = useState("");
  const found = useArticles({ text: typed, category: "", kind: "", skip: 0 });
  const articles = (found.data?.articles ?? []).map((one) => ({
    value: one[by],
    label: (locale === "en" && one.title_en) || one.title || one.title_en,
  }));
  const others = another ? [another] : [];
  const awaited = found.isPending || found.isPlaceholderData;
  return (
    <Select<Value>
      {...rest}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onInputKeyDown={(event) => {
        if (!awaited || event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
      }}
      loading={found.isFetching}
      notFoundContent={found.isPending ? null : t("knowledge.nothing_found")}
      options={typed ? [...articles, ...others] : [...others, ...articles]}
    />
  );
}
