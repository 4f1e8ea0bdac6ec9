/**
 * What each number of the board counts: the same definitions as the server's, in words.
 */
import { Modal } from "antd";
import { Fragment } from "react";
import { useWords, type WordKey } from "../words/words";
import { patienceRule } from "../work/patience";
import css from "./BoardPage.module.css";

const DEFINED: [term: WordKey, meaning: WordKey][] = [
  ["board.waiting", "board.define.waiting"],
  ["board.longest", "board.define.longest"],
  ["board.free", "board.define.free"],
  ["board.mean", "board.define.mean"],
  ["board.held", "board.define.held"],
  ["board.load", "board.define.load"],
  ["board.refused", "board.define.refused"],
  ["board.handled", "board.define.handled"],
  ["board.order", "board.define.order"],
];

export function BoardHelp({ open, close }: { open: boolean; close(): void }) {
  const { t } = useWords();
  return (
    <Modal open={open} onCancel={close} footer={null} title={t("board.help")} destroyOnHidden>
      <dl className={css.help}>
        {DEFINED.map(([term, meaning]) => (
          <Fragment key={term}>
            <dt>{t(term)}</dt>
            <dd>{t(meaning, { ...patienceRule() })}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
