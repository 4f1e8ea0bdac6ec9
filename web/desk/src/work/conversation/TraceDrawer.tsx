/**
 * Why a conversation went where it went: each decision in a sentence, the newest first.
 */
import { Drawer } from "antd";
import { Loading, Nothing, Trouble } from "../../frame/States";
import { useTrace } from "../../server/queries";
import type { Row } from "../../server/shapes";
import { exactTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./TraceDrawer.module.css";

interface TraceDrawerProps {
  conversation: Row;
  open: boolean;
  close(): void;
}

export function TraceDrawer({ conversation, open, close }: TraceDrawerProps) {
  const { t } = useWords();
  return (
    <Drawer
      open={open}
      onClose={close}
      width="min(480px, 100vw)"
      title={t("trace.title", { name: conversation.customer.label })}
      destroyOnHidden
    >
      <p className={css.hint}>{t("trace.hint")}</p>
      <Lines id={conversation.id} open={open} />
    </Drawer>
  );
}

function Lines({ id, open }: { id: string; open: boolean }) {
  const { t, locale } = useWords();
  const trace = useTrace(id, open);
  if (trace.isPending) return <Loading />;
  if (!trace.data) return <Trouble error={trace.error} again={() => void trace.refetch()} />;
  if (trace.data.length === 0) return <Nothing icon="audit" title={t("trace.empty")} hint="" />;
  return (
    <ol className={css.lines}>
      {trace.data
        .map((line, number) => ({ ...line, number }))
        .reverse()
        .map((line) => (
          <li key={line.number} className={css.line}>
            <time dateTime={line.at}>{exactTime(locale, line.at)}</time>
            <p>{line.sentence}</p>
          </li>
        ))}
    </ol>
  );
}
