/**
 * Above the field: up to three articles that fit, to be looked at and put into the reply; and the search for others.
 *
 * Nothing is sent from here. Where nothing fits there is no line at all; the last ones stay until others are known.
 */
import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { toFirstField } from "../../frame/firstField";
import { Icon } from "../../frame/Icon";
import { Loading, Nothing, Trouble } from "../../frame/States";
import { useWidth } from "../../look/useWidth";
import type { Conversation } from "../../server/shapes";
import { useWords } from "../../words/words";
import css from "./Articles.module.css";
import { type ArticleFound, useSearched, useSuggested } from "./articles";

interface ArticlesProps {
  conversation: Conversation;
  /** What stands in the field. */
  typed: string;
  /** Opens the dialog: with an article, or with the search alone. */
  show(article: ArticleFound): void;
}

export function Articles({ conversation, typed, show }: ArticlesProps) {
  const { t } = useWords();
  const { data } = useSuggested(conversation.id, typed, conversation.last?.at ?? "");
  if (!data || data.length === 0) return null;
  return (
    <ul className={css.strip} aria-label={t("articles.suggested")}>
      {data.map((one) => (
        <li key={one.id}>
          <Button size="small" className={css.chip} icon={<Icon name="book" />} onClick={() => show(one)}>
            <span className={css.title} dir="auto">
              {one.title.text}
            </span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface ArticleDialogProps {
  begin: ArticleFound | null;
  put(words: string): void;
  close(): void;
}

export function ArticleDialog({ begin, put, close }: ArticleDialogProps) {
  const { t } = useWords();
  const [open, setOpen] = useState(true);
  const width = useWidth();
  const insert = (words: string) => {
    put(words);
    setOpen(false);
  };
  return (
    <Modal
      open={open}
      onCancel={() => setOpen(false)}
      afterClose={close}
      afterOpenChange={toFirstField}
      footer={null}
      title={t("articles.title")}
      width={width === "phone" ? "100%" : 640}
      style={{ top: width === "phone" ? 8 : 72 }}
    >
      <Choice begin={begin} put={insert} />
    </Modal>
  );
}

function Choice({ begin, put }: { begin: ArticleFound | null; put(words: string): void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const searched = useSearched(typed);
  const asked = typed.trim() !== "";
  const list = asked ? searched.data : begin ? [begin] : [];
  return (
    <>
      <Input
        data-first-field
        allowClear
        maxLength={200}
        value={typed}
        aria-label={t("articles.search")}
        placeholder={t("articles.search")}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={css.found} aria-busy={searched.isFetching} aria-live="polite">
        {asked && searched.error ? (
          <Trouble error={searched.error} again={() => void searched.refetch()} />
        ) : !list ? (
          <Loading />
        ) : list.length === 0 ? (
          <Nothing icon="book" title={t(asked ? "articles.none" : "articles.hint")} />
        ) : (
          <ul className={css.list}>
            {list.map((one) => (
              <li key={one.id} className={css.one}>
                <Article article={one} whole={!asked} put={put} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

interface ArticleProps {
  article: ArticleFound;
  /** All of its words, not just the place that fits. */
  whole: boolean;
  put(words: string): void;
}

function Article({ article, whole, put }: ArticleProps) {
  const { t } = useWords();
  const title = article.title.text;
  const link = t("articles.linked", { title, address: article.address });
  return (
    <>
      <div lang={article.locale} dir="auto">
        <strong>{marked(article.title)}</strong>
        <p className={whole ? css.whole : css.excerpt}>{whole ? article.text : marked(article.excerpt)}</p>
      </div>
      <p className={css.acts}>
        <Button
          type="primary"
          onClick={() => put(article.text)}
          aria-label={t("articles.insert_of", { title })}
        >
          {t("articles.insert")}
        </Button>
        <Button onClick={() => put(link)} aria-label={t("articles.link_of", { title })}>
          {t("articles.link")}
        </Button>
        <a href={article.address} target="_blank" rel="noopener noreferrer">
          {t("articles.open")}
        </a>
      </p>
    </>
  );
}

function marked({ text, marks }: ArticleFound["title"]): ReactNode[] {
  const drawn: ReactNode[] = [];
  let at = 0;
  for (const [begin, end] of marks) {
    drawn.push(text.slice(at, begin), <mark key={begin}>{text.slice(begin, end)}</mark>);
    at = end;
  }
  return [...drawn, text.slice(at)];
}
