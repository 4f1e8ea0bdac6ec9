/**
 * What a customer wrote becomes a way to ask for an article: chosen, shown as it will be added, then added.
 *
 * The message was masked before it was stored. Who does not edit the knowledge proposes.
 */
import type { Entry } from "@mashang/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal, Segmented } from "antd";
import { useId, useState } from "react";
import { Link } from "wouter";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import { ArticleChoice } from "../../knowledge/ArticleChoice";
import { Became } from "../../knowledge/PhrasingsPanel";
import { knowledgeKey } from "../../knowledge/queries";
import { type Added, LOCALES } from "../../knowledge/shapes";
import { post } from "../../server/http";
import type { Me } from "../../server/shapes";
import { type Locale, useWords } from "../../words/words";
import { useMeant } from "./articles";
import css from "./PhrasingDialog.module.css";
import recallCss from "./Recall.module.css";

const LONGEST = 200;
const NEW = "new";
const CHINESE = /\p{Script=Han}/u;

interface Asked {
  article: string;
  title: string;
  added: Added;
}

interface PhrasingProps {
  conversation: string;
  entry: Entry;
  me: Me;
}

export const isPhrasing = (entry: Entry): boolean =>
  entry.author.kind === "customer" && entry.kind === "text" && !entry.choice && Boolean(entry.text?.trim());

export function PhrasingButton(props: PhrasingProps) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        type="text"
        size="small"
        className={recallCss.recall}
        icon={<Icon name="book" />}
        onClick={() => setOpen(true)}
      >
        {t("phrasing.do")}
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        title={t("phrasing.title")}
        footer={null}
        destroyOnHidden
        width={520}
      >
        <Choosing {...props} close={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Choosing({ conversation, entry, me, close }: PhrasingProps & { close(): void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const name = useId();
  const said = (entry.text ?? "").replace(/\s+/g, " ").trim();
  const [text, setText] = useState(said.slice(0, LONGEST));
  const [locale, setLocale] = useState<Locale>(CHINESE.test(said) ? "zh-CN" : "en");
  const [article, setArticle] = useState<{ value: string; label: string }>();
  const edits = me.permissions.includes("knowledge.edit");
  const add = useMutation({
    mutationFn: (chosen: string) =>
      post<Asked>(`/desk/conversations/${conversation}/entries/${entry.seq}/phrasing`, {
        text,
        locale,
        article: chosen === NEW ? null : chosen,
      }),
    onSuccess: ({ added, title }) => {
      void cache.invalidateQueries({ queryKey: knowledgeKey });
      if (added.added.length === 0) return;
      void message.success(t(edits ? "phrasing.added" : "phrasing.proposed", { title }));
      close();
    },
    onError: (error) => void message.error(sentence(t, error), 6),
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (article && text.trim()) add.mutate(article.value);
      }}
    >
      <label htmlFor={`${name}-text`}>{t("phrasing.text")}</label>
      <Input.TextArea
        id={`${name}-text`}
        className={css.text ?? ""}
        value={text}
        maxLength={LONGEST}
        showCount
        autoSize={{ minRows: 2, maxRows: 6 }}
        onChange={(event) => setText(event.target.value)}
      />
      {said.length > LONGEST && <p className={css.faint}>{t("phrasing.long")}</p>}
      <Segmented<Locale>
        aria-label={t("phrasing.language")}
        value={locale}
        onChange={setLocale}
        options={LOCALES.map((value) => ({ value, label: t(`language.${value}`) }))}
      />
      {text.trim() && (
        <Meant
          conversation={conversation}
          seq={entry.seq}
          edits={edits}
          busy={add.isPending}
          choose={(one) => add.mutate(one)}
        />
      )}
      <label htmlFor={`${name}-article`}>{t("phrasing.article")}</label>
      <ArticleField id={`${name}-article`} edits={edits} value={article} choose={setArticle} />
      {article && text.trim() && (
        <p className={css.shown}>
          {article.value === NEW
            ? t("phrasing.shown.new", { text: text.trim() })
            : t(edits ? "phrasing.shown" : "phrasing.shown.proposed", {
                text: text.trim(),
                title: article.label,
              })}
        </p>
      )}
      {add.data && add.data.added.added.length === 0 && <Became added={add.data.added} />}
      <div className={css.ways}>
        <Link href="/knowledge">{t("phrasing.open")}</Link>
        <Button type="primary" htmlType="submit" disabled={!article || !text.trim()} loading={add.isPending}>
          {t(edits ? "phrasing.add" : "phrasing.propose")}
        </Button>
      </div>
    </form>
  );
}

interface MeantProps {
  conversation: string;
  seq: number;
  edits: boolean;
  busy: boolean;
  choose(article: string): void;
}

/** The articles that are most likely meant: one press is all it takes. */
function Meant({ conversation, seq, edits, busy, choose }: MeantProps) {
  const { t } = useWords();
  const { data } = useMeant(conversation, seq);
  if (!data?.length) return null;
  return (
    <fieldset className={css.meant}>
      <legend>{t(edits ? "phrasing.meant" : "phrasing.meant.proposed")}</legend>
      {data.map((one) => (
        <Button key={one.id} disabled={busy} icon={<Icon name="book" />} onClick={() => choose(one.id)}>
          <span dir="auto">{one.title.text}</span>
        </Button>
      ))}
    </fieldset>
  );
}

interface ArticleFieldProps {
  id: string;
  edits: boolean;
  value: { value: string; label: string } | undefined;
  choose(article: { value: string; label: string }): void;
}

function ArticleField({ id, edits, value, choose }: ArticleFieldProps) {
  const { t } = useWords();
  return (
    <ArticleChoice<{ value: string; label: string } | null>
      id={id}
      labelInValue
      by="id"
      {...(edits && { another: { value: NEW, label: t("phrasing.new") } })}
      placeholder={t("phrasing.article.placeholder")}
      value={value ?? null}
      onChange={(chosen) => chosen && choose({ value: chosen.value, label: String(chosen.label) })}
    />
  );
}
