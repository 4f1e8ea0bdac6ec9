/**
 * What each number of the page counts: the same definitions as the server's, in words.
 */
import { Modal } from "antd";
import { Fragment } from "react";
import { useWords, type WordKey } from "../words/words";
import css from "./FiguresPage.module.css";

const DEFINED: [term: WordKey, meaning: WordKey][] = [
  ["figures.hits", "figures.define.hits"],
  ["figures.corrected", "figures.define.corrected"],
  ["figures.asked", "figures.define.asked"],
  ["figures.wrong", "figures.define.wrong"],
  ["figures.too_late", "figures.define.too_late"],
  ["figures.left", "figures.define.left"],
  ["figures.answer", "figures.define.answer"],
  ["figures.compared", "figures.define.compared"],
];

export function FiguresHelp({ open, close }: { open: boolean; close(): void }) {
  const { t } = useWords();
  return (
    <Modal open={open} onCancel={close} footer={null} title={t("figures.help")} destroyOnHidden>
      <dl className={css.help}>
        {DEFINED.map(([term, meaning]) => (
          <Fragment key={term}>
            <dt>{t(term)}</dt>
            <dd>{t(meaning)}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
