/**
 * Title and text in both languages, beside what readers will see; on a phone one after the other.
 */
import { App, Button, Input, Segmented, Tabs } from "antd";
import { type ChangeEvent, useEffect, useId, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { useWidth } from "../look/useWidth";
import { upload } from "../server/http";
import { type Locale, useWords } from "../words/words";
import css from "./Article.module.css";
import { Preview } from "./Preview";
import { LOCALES, LONGEST_BODY, LONGEST_TITLE, type Picture, type Text, type Texts } from "./shapes";

interface TextFieldsProps {
  /** Pictures belong to an article that exists: its id, for which a new one is kept as a draft first. */
  kept(locale: Locale): Promise<string>;
  texts: Texts;
  change(texts: Texts): void;
}

const NO_TEXT: Text = { title: "", body: "" };

export function TextFields({ kept, texts, change }: TextFieldsProps) {
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
            kept={() => kept(locale)}
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
  kept(): Promise<string>;
  locale: Locale;
  text: Text;
  change(text: Text): void;
}

function OneText({ kept, locale, text, change }: OneTextProps) {
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
          <Body
            kept={kept}
            name={`${name}-body`}
            body={text.body}
            change={(body) => change({ ...text, body })}
          />
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
  kept(): Promise<string>;
  name: string;
  body: string;
  change(body: string): void;
}

function Body({ kept, name, body, change }: BodyProps) {
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
        <PictureButton kept={kept} insert={insert} />
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

interface PictureProps {
  kept(): Promise<string>;
  insert(words: string): void;
}

function PictureButton({ kept, insert }: PictureProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef(insert); // the text as it is once the picture is there
  useEffect(() => {
    latest.current = insert;
  });
  const add = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    try {
      const article = await kept();
      const { address } = await upload<Picture>(
        `/desk/knowledge/articles/${article}/pictures`,
        file,
        () => {},
      );
      latest.current(`![${file.name.replace(/\.[^.]*$/, "").replace(/[[\]]/g, "")}](${address})`);
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
        onClick={() => input.current?.click()}
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
