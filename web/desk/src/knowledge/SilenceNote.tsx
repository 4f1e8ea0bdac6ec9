/**
 * That the assistant answers nothing by itself, and why: where it is set up, where the knowledge is written, and where
 * it is examined. Nothing where it answers.
 */
import { Alert } from "antd";
import { Link, useLocation } from "wouter";
import { useWords } from "../words/words";
import { useSilence } from "./doctor";
import css from "./SilenceNote.module.css";

const DOCTOR = "/knowledge/doctor";

/** With `whenOn` only where the assistant is switched on. */
export function SilenceNote({ whenOn = false }: { whenOn?: boolean }) {
  const { t } = useWords();
  const [here] = useLocation();
  const silence = useSilence().data;
  if (!silence?.why || (whenOn && !silence.is_on)) return null;
  return (
    <Alert
      className={css.note}
      type="warning"
      showIcon
      title={t(`silence.${silence.why}`)}
      description={
        silence.why === "unlearned" ? (
          t("silence.learn")
        ) : here === DOCTOR ? undefined : (
          <Link href={DOCTOR} className={css.look}>
            {t("silence.look")}
          </Link>
        )
      }
    />
  );
}
