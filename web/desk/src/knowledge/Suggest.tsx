/**
 * Asks the language model, where there is one, for new ways to ask for an article; they land in the field, to be read.
 */
import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { sentence } from "../frame/States";
import { get, post } from "../server/http";
import { type Locale, useWords } from "../words/words";

interface SuggestProps {
  article: string;
  locale: Locale;
  write(lines: string[]): void;
}

export function Suggest({ article, locale, write }: SuggestProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const drafting = useQuery({
    queryKey: ["drafting"],
    queryFn: () => get<{ available: boolean; phrasings: boolean }>("/desk/drafting"),
    staleTime: 60_000,
  });
  const propose = useMutation({
    mutationFn: () => post<string[]>(`/desk/knowledge/articles/${article}/propose`, { locale }),
    onSuccess: (lines) => {
      if (lines.length) write(lines);
      else void message.info(t("knowledge.suggest.none"));
    },
    onError: (error) => void message.error(sentence(t, error)),
  });
  if (!drafting.data?.phrasings) return null;
  return (
    <Button loading={propose.isPending} onClick={() => propose.mutate()}>
      {t("knowledge.suggest")}
    </Button>
  );
}
