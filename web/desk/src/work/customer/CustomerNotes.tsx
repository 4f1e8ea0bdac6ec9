/**
 * What colleagues should know of this customer next time. The customer never sees it.
 */
import { App, Button, Input } from "antd";
import { useState } from "react";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import type { CustomerView } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./CustomerPage.module.css";
import { useCustomerChange } from "./changing";

export function CustomerNotes({ view, id }: { view: CustomerView; id: string }) {
  const { t, locale } = useWords();
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const change = useCustomerChange(id);
  const failed = (error: unknown) => void message.error(sentence(t, error));
  const add = () =>
    change.mutate(
      { method: "POST", path: "notes", body: { text } },
      { onSuccess: () => setText(""), onError: failed },
    );
  return (
    <section className={css.card} aria-labelledby="customer-notes">
      <h2 id="customer-notes">
        {t("customer.notes")} {view.notes.length > 0 && <span>{view.notes.length}</span>}
      </h2>
      <ul className={css.notes}>
        {view.notes.map((note) => (
          <li key={note.id}>
            <p dir="auto">{note.text}</p>
            <p className={css.by}>
              {note.by} · {fullTime(locale, note.at)}
              {note.own && (
                <Button
                  type="text"
                  size="small"
                  icon={<Icon name="trash" />}
                  aria-label={t("customer.notes.remove")}
                  onClick={() =>
                    change.mutate({ method: "DELETE", path: `notes/${note.id}` }, { onError: failed })
                  }
                />
              )}
            </p>
          </li>
        ))}
      </ul>
      <Input.TextArea
        aria-label={t("customer.notes.write")}
        placeholder={t("customer.notes.write")}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button className={css.add} onClick={add} loading={change.isPending} disabled={!text.trim()}>
        {t("customer.notes.add")}
      </Button>
    </section>
  );
}
