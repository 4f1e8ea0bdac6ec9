/**
 * Looking for something the shop sells, and sending its card: in the shop's words, with its price of this moment.
 */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useEffect, useState } from "react";
import { toFirstField } from "../../frame/firstField";
import { Loading, Nothing, sentence, Trouble } from "../../frame/States";
import { useWidth } from "../../look/useWidth";
import { get, post } from "../../server/http";
import type { Conversation } from "../../server/shapes";
import { useWords } from "../../words/words";
import css from "./CardDialog.module.css";

interface Offered {
  kind: "product" | "promotion";
  id: string;
  title: string;
  price: string;
  note: string;
  in_stock: boolean;
}

const REST = 300;

export function CardDialog({ conversation, close }: { conversation: Conversation; close(): void }) {
  const { t } = useWords();
  const [open, setOpen] = useState(true);
  const width = useWidth();
  return (
    <Modal
      open={open}
      onCancel={() => setOpen(false)}
      afterClose={close}
      afterOpenChange={toFirstField}
      footer={null}
      title={t("card.title")}
      width={width === "phone" ? "100%" : 560}
      style={{ top: width === "phone" ? 8 : 72 }}
    >
      <Choice conversation={conversation} sent={() => setOpen(false)} />
    </Modal>
  );
}

function Choice({ conversation, sent }: { conversation: Conversation; sent(): void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const asked = useRested(typed.trim());
  const offered = useQuery({
    queryKey: ["offered", conversation.id, asked],
    queryFn: () =>
      get<Offered[]>(`/desk/conversations/${conversation.id}/offered?q=${encodeURIComponent(asked)}`),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  return (
    <>
      <Input
        data-first-field
        allowClear
        maxLength={50}
        value={typed}
        aria-label={t("card.search")}
        placeholder={t("card.search")}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={css.found} aria-busy={offered.isFetching}>
        <Results query={offered} conversation={conversation.id} sent={sent} />
      </div>
    </>
  );
}

interface ResultsProps {
  query: { isPending: boolean; data?: Offered[] | undefined; error: unknown; refetch(): unknown };
  conversation: string;
  sent(): void;
}

function Results({ query, conversation, sent }: ResultsProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const send = useMutation({
    mutationFn: ({ kind, id, key }: Offered & { key: string }) =>
      post(`/desk/conversations/${conversation}/cards`, { client_id: key, kind, id }),
    onSuccess: sent,
    onError: (error) => void message.error(sentence(t, error)),
  });
  if (query.error) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (query.isPending || !query.data) return <Loading />;
  if (query.data.length === 0) return <Nothing icon="shop" title={t("card.none")} />;
  return (
    <ul className={css.list}>
      {query.data.map((one) => (
        <li key={`${one.kind} ${one.id}`} className={css.one}>
          <span className={css.what}>
            <strong dir="auto">{one.title}</strong>
            <span className={css.note} dir="auto">
              {[
                one.kind === "promotion" && t("card.promotion"),
                !one.in_stock && t("card.sold_out"),
                one.note,
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
          <span className={css.price}>{one.price}</span>
          <Button
            aria-label={t("card.send", { title: one.title })}
            disabled={send.isPending}
            onClick={() => send.mutate({ ...one, key: crypto.randomUUID() })}
          >
            {t("composer.send")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** What was typed, once nothing more is typed for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
