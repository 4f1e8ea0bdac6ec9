/**
 * How customers ask for an article: one a line, pasted as they come; what stands elsewhere already is said.
 *
 * Who does not edit the knowledge proposes; proposals stand on top until an editor accepts or declines them.
 */
import { App, Button, Input, Segmented } from "antd";
import { useId, useState } from "react";
import { Link } from "wouter";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { type Locale, useWords } from "../words/words";
import css from "./Article.module.css";
import { useAcceptPhrasing, useAddPhrasings, useRemovePhrasing } from "./queries";
import { Suggest } from "./Suggest";
import { type Added, type Article, LOCALES, type Phrasing } from "./shapes";

const MOST_LINES = 500;

interface PanelProps {
  article: Article;
  editable: boolean;
}

export function PhrasingsPanel({ article, editable }: PanelProps) {
  const { t } = useWords();
  const [locale, setLocale] = useState<Locale>("zh-CN");
  const proposals = article.phrasings.filter(({ source }) => source === "proposed");
  const counted = article.phrasings.filter((one) => one.source !== "proposed" && one.locale === locale);
  const thin = counted.length < (locale === "en" ? 10 : 20);
  return (
    <div className={css.phrasings}>
      {proposals.length > 0 && (
        <section>
          <h2>{t("knowledge.proposals")}</h2>
          <ul className={css.list}>
            {proposals.map((one) => (
              <Proposal key={one.id} article={article} phrasing={one} editable={editable} />
            ))}
          </ul>
        </section>
      )}
      <Segmented<Locale>
        value={locale}
        onChange={setLocale}
        options={LOCALES.map((value) => ({
          value,
          label: `${t(`language.${value}`)} ${article.phrasings.filter((one) => one.source !== "proposed" && one.locale === value).length}`,
        }))}
      />
      <Paste key={locale} article={article} locale={locale} editable={editable} />
      {thin && <p className={css.faint}>{t(`knowledge.thin.${locale}`)}</p>}
      <ul className={css.list}>
        {counted.map((one) => (
          <Counted key={one.id} article={article} phrasing={one} editable={editable} />
        ))}
      </ul>
    </div>
  );
}

/** Lines to add; what was not added stays in the field. */
export function Paste({ article, locale, editable }: PanelProps & { locale: Locale }) {
  const { t } = useWords();
  const name = useId();
  const add = useAddPhrasings(article.id);
  const [typed, setTyped] = useState("");
  const lines = typed.split("\n").filter((line) => line.trim());
  const send = () =>
    add.mutate(
      { locale, lines: lines.slice(0, MOST_LINES) },
      {
        onSuccess: ({ elsewhere, unusable }) =>
          setTyped(
            [...elsewhere.map(({ text }) => text), ...unusable, ...lines.slice(MOST_LINES)].join("\n"),
          ),
      },
    );
  return (
    <div className={css.paste}>
      <label htmlFor={name}>{t(editable ? "knowledge.paste" : "knowledge.propose")}</label>
      <Input.TextArea
        id={name}
        value={typed}
        autoSize={{ minRows: 3, maxRows: 12 }}
        placeholder={t("knowledge.paste.example")}
        onChange={(event) => setTyped(event.target.value)}
      />
      {editable && (
        <Suggest
          article={article.id}
          locale={locale}
          write={(found) => setTyped([...lines, ...found].join("\n"))}
        />
      )}
      <Button type="primary" disabled={lines.length === 0} loading={add.isPending} onClick={send}>
        {t(editable ? "knowledge.paste.do" : "knowledge.propose.do", {
          n: Math.min(lines.length, MOST_LINES),
        })}
      </Button>
      {add.error && (
        <p className={css.refusal} role="alert">
          {sentence(t, add.error)}
        </p>
      )}
      {add.data && <Became added={add.data} />}
    </div>
  );
}

/** What became of a pasted list; lines that were not added stay in the field. */
export function Became({ added }: { added: Added }) {
  const { t } = useWords();
  return (
    <div className={css.became} role="status">
      <p>{t("knowledge.added", { n: added.added.length })}</p>
      {added.known.length > 0 && <p>{t("knowledge.known", { n: added.known.length })}</p>}
      {added.unusable.length > 0 && <p>{t("knowledge.unusable", { n: added.unusable.length })}</p>}
      {added.elsewhere.length > 0 && (
        <>
          <p>{t("knowledge.elsewhere", { n: added.elsewhere.length })}</p>
          <ul>
            {added.elsewhere.map(({ text, article, title }) => (
              <li key={text}>
                <q>{text}</q> → <Link href={`/knowledge/${article}`}>{title}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface OneProps extends PanelProps {
  phrasing: Phrasing;
}

function Proposal({ article, phrasing, editable }: OneProps) {
  const { t } = useWords();
  const accept = useAcceptPhrasing(article.id);
  return (
    <li data-proposed="true">
      <span dir="auto">{phrasing.text}</span>
      <small>
        {t("knowledge.proposed_by", {
          name: phrasing.added_by ?? "",
          language: t(`language.${phrasing.locale}`),
        })}
      </small>
      {editable && (
        <>
          <Button
            size="small"
            type="primary"
            aria-label={t("knowledge.accept.of", { text: phrasing.text })}
            loading={accept.isPending}
            onClick={() => accept.mutate(phrasing.id)}
          >
            {t("knowledge.accept")}
          </Button>
          <RemoveButton article={article} phrasing={phrasing} />
        </>
      )}
    </li>
  );
}

function Counted({ article, phrasing, editable }: OneProps) {
  const { t } = useWords();
  return (
    <li>
      <span dir="auto">{phrasing.text}</span>
      {phrasing.source === "conversation" && <small>{t("knowledge.from_conversation")}</small>}
      {editable && <RemoveButton article={article} phrasing={phrasing} />}
    </li>
  );
}

function RemoveButton({ article, phrasing }: Omit<OneProps, "editable">) {
  const { t } = useWords();
  const { message } = App.useApp();
  const remove = useRemovePhrasing(article.id);
  return (
    <Button
      size="small"
      type="text"
      icon={<Icon name="trash" />}
      aria-label={t("knowledge.remove.of", { text: phrasing.text })}
      loading={remove.isPending}
      onClick={() =>
        remove.mutate(phrasing.id, { onError: (error) => void message.error(sentence(t, error)) })
      }
    />
  );
}
