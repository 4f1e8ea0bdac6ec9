/**
 * Title and text in both languages, beside what readers will see; on a phone one after the other.
 */
import { App, Button, Input, Segmented, Tabs } from "antd";
import { type ChangeEvent, useId, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { useWidth } from "../look/useWidth";
import { upload } from "../server/http";
import { type Locale, useWords } from "../words/words";
import css from "./Article.module.css";
import { Preview } from "./Preview";
import { LOCALES, LONGEST_BODY, LONGEST_TITLE, type Picture, type Text, type Texts } from "./shapes";

interface TextFieldsProps {
  /** Pictures belong to an article that exists. */
  id: string | undefined;
  texts: Texts;
  change(texts: Texts): void;
}

const NO_TEXT: Text = { title: "", body: "" };

export function TextFields({ id, texts, change }: TextFieldsProps) {
  const { t } = useWords();
  return (
    <Tabs
      size="small"
      type="card"
      items={LOCALES.map((locale) => ({
        key: locale,
        label: texts[locale]?.title
          ? t(`language.${locale}`)
          : t("knowledge.not_written", { language: t(`language.${locale}`) }),
        children: (
          <OneText
            id={id}
            locale={locale}
            text={texts[locale] ?? NO_TEXT}
            change={(text) => change({ ...texts, [locale]: text })}
          />
        ),
      }))}
    />
  );
}

interface OneTextProps {
  id: string | undefined;
  locale: Locale;
  text: Text;
  change(text: Text): void;
}

function OneText({ id, locale, text, change }: OneTextProps) {
  const { t } = useWords();
  const phone = useWidth() === "phone";
  const [shown, setShown] = useState<"write" | "preview">("write");
  const name = useId();
  return (
    <div className={css.text} lang={locale}>
      <label htmlFor={`${name}-title`}>{t("knowledge.title.field")}</label>
      <Input
        id={`${name}-title`}
        value={text.title}
        maxLength={LONGEST_TITLE}
        showCount
        onChange={(event) => change({ ...text, title: event.target.value })}
      />
      {phone && (
        <Segmented
          block
          value={shown}
          onChange={setShown}
          options={[
            { value: "write", label: t("knowledge.write") },
            { value: "preview", label: t("knowledge.preview") },
          ]}
        />
      )}
      <div className={css.beside}>
        {(!phone || shown === "write") && (
          <Body id={id} name={`${name}-body`} body={text.body} change={(body) => change({ ...text, body })} />
        )}
        {(!phone || shown === "preview") && (
          <section className={css.preview} aria-label={t("knowledge.preview")}>
            {!phone && <h2>{t("knowledge.preview")}</h2>}
            {text.title && <p className={css.previewTitle}>{text.title}</p>}
            <Preview body={text.body} />
          </section>
        )}
      </div>
    </div>
  );
}

interface BodyProps {
  id: string | undefined;
  name: string;
  body: string;
  change(body: string): void;
}

function Body({ id, name, body, change }: BodyProps) {
  const { t } = useWords();
  const left = useRef<number | null>(null);
  /** Below where the cursor stood, else at the end: a text nobody was in says its cursor were at its beginning. */
  const insert = (words: string) => {
    const before = body.slice(0, left.current ?? body.length);
    const set = before && !before.endsWith("\n") ? `\n\n${words}` : words;
    left.current = before.length + set.length;
    change(before + set + body.slice(before.length));
  };
  const over = body.length > LONGEST_BODY;
  return (
    <div>
      <div className={css.bodyHead}>
        <label htmlFor={name}>{t("knowledge.body")}</label>
        <PictureButton id={id} insert={insert} />
      </div>
      <Input.TextArea
        id={name}
        className={css.markdown ?? ""}
        value={body}
        autoSize={{ minRows: 14, maxRows: 32 }}
        status={over ? "error" : ""}
        aria-describedby={`${name}-hint`}
        onChange={(event: ChangeEvent<HTMLTextAreaElement>) => change(event.target.value)}
        onBlur={(event) => {
          left.current = event.target.selectionStart;
        }}
      />
      <p id={`${name}-hint`} className={over ? css.over : css.faint}>
        {t("knowledge.body.hint", { n: body.length, most: LONGEST_BODY })}
      </p>
    </div>
  );
}

function PictureButton({ id, insert }: { id: string | undefined; insert(words: string): void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const add = async (file: File | undefined) => {
    if (!file || !id) return;
    setBusy(true);
    try {
      const kept = await upload<Picture>(`/desk/knowledge/articles/${id}/pictures`, file, () => {});
      insert(`![${file.name.replace(/\.[^.]*$/, "").replace(/[[\]]/g, "")}](${kept.address})`);
    } catch (error) {
      void message.error(sentence(t, error), 6);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        size="small"
        icon={<Icon name="picture" />}
        loading={busy}
        onClick={() => (id ? input.current?.click() : void message.info(t("knowledge.picture.save_first")))}
      >
        {t("knowledge.picture")}
      </Button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          void add(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </>
  );
}
