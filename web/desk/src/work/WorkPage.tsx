/**
 * The agent's working place: the lists, the open conversations, and what the shop knows of the one with the keyboard.
 *
 * On a tablet the third column becomes a drawer; on a phone the three are steps with a way back.
 */
import { Drawer } from "antd";
import { Redirect, useLocation } from "wouter";
import { Nothing } from "../frame/States";
import { useWidth } from "../look/useWidth";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import { Columns } from "./Columns";
import { ContextPanel } from "./context/ContextPanel";
import { ConversationList } from "./list/ConversationList";
import { useColumns } from "./useColumns";
import css from "./WorkPage.module.css";

export type WorkStep = "list" | "conversation" | "context";

export function WorkPage({ me, id, step }: { me: Me; id?: string; step: WorkStep }) {
  const { t } = useWords();
  const width = useWidth();
  const [, go] = useLocation();
  const { columns, shown } = useColumns(id);
  const shows = (part: WorkStep) => width !== "phone" || step === part;
  if (!id && columns.at && width !== "phone") return <Redirect to={`/c/${columns.at}`} replace />;
  return (
    <div className={css.work} data-width={width} data-columns={id && width === "wide" ? 3 : 2}>
      <h1 className="for-readers">{t("nav.work")}</h1>
      {shows("list") && <ConversationList me={me} selected={id} />}
      {shows("conversation") && (
        <div className={css.middle}>
          {id ? (
            <Columns columns={columns} shown={shown} current={id} me={me} width={width} />
          ) : (
            <NothingChosen />
          )}
        </div>
      )}
      {id && width === "wide" && <ContextPanel key={id} id={id} />}
      {id && width === "phone" && step === "context" && (
        <ContextPanel key={id} id={id} back={() => go(`/c/${id}`)} />
      )}
      {id && width === "middle" && <ContextDrawer id={id} open={step === "context"} />}
    </div>
  );
}

function ContextDrawer({ id, open }: { id: string; open: boolean }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const close = () => go(`/c/${id}`);
  return (
    <Drawer
      open={open}
      onClose={close}
      size={360}
      title={t("context.title")}
      styles={{ body: { padding: 0 } }}
      destroyOnHidden
    >
      <ContextPanel id={id} bare />
    </Drawer>
  );
}

function NothingChosen() {
  const { t } = useWords();
  return <Nothing icon="message" title={t("work.choose")} hint={t("work.choose.hint")} />;
}
