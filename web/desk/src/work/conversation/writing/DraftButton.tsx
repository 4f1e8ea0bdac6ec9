/**
 * Has a reply drafted by the language model, where there is one; it lands in the field, and the agent reads and sends it.
 *
 * Does not: send anything, or take away what was written; a draft stands below it.
 */
import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Tooltip } from "antd";
import { Icon } from "../../../frame/Icon";
import { sentence } from "../../../frame/States";
import { get, post } from "../../../server/http";
import { useWords } from "../../../words/words";

interface Drafted {
  text: string;
  articles: { id: string; title: string }[];
}

interface DraftButtonProps {
  conversation: string;
  write(text: string): void;
}

export function DraftButton({ conversation, write }: DraftButtonProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const drafting = useQuery({
    queryKey: ["drafting"],
    queryFn: () => get<{ available: boolean }>("/desk/drafting"),
    staleTime: 60_000,
  });
  const draft = useMutation({
    mutationFn: () => post<Drafted>(`/desk/conversations/${conversation}/draft`),
    onSuccess: ({ text, articles }) => {
      if (!text) return void message.info(t("draft.none"), 5);
      write(text);
      void message.success(
        t("draft.made", { titles: articles.map((one) => one.title).join(t("draft.between")) }),
        5,
      );
    },
    onError: (error) => void message.error(sentence(t, error)),
  });
  if (!drafting.data?.available) return null;
  return (
    <Tooltip title={t("draft.title")}>
      <Button
        type="text"
        size="small"
        icon={<Icon name="edit" />}
        aria-label={t("draft.title")}
        loading={draft.isPending}
        onClick={() => draft.mutate()}
      />
    </Tooltip>
  );
}
