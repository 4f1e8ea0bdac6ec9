/**
 * The open conversations side by side, as many as there is room for, and the others as tabs above them.
 *
 * What one clicks or tabs into gets the keyboard: its head is marked, the keys act on it, and the panel beside shows
 * what belongs to it.
 */
import { Button, Tooltip } from "antd";
import { Link, useLocation } from "wouter";
import { Icon } from "../frame/Icon";
import type { Width } from "../look/useWidth";
import { useConversation } from "../server/queries";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import css from "./Columns.module.css";
import { ConversationPane } from "./conversation/ConversationPane";
import { CustomerName, Unread } from "./Marks";
import { type Columns as Held, idsOf, keepOrFree, toggled } from "./sideBySide";
import { useClose } from "./useColumns";

interface ColumnsProps {
  columns: Held;
  shown: string[];
  current: string;
  me: Me;
  width: Width;
}

export function Columns({ columns, shown, current, me, width }: ColumnsProps) {
  const all = idsOf(columns);
  return (
    <div className={css.frame}>
      {all.length > shown.length && <Tabs all={all} current={current} />}
      <div className={css.columns}>
        {shown.map((id) => (
          <Column key={id} id={id} current={id === current} several={shown.length > 1}>
            <ConversationPane
              id={id}
              me={me}
              width={width}
              current={id === current}
              narrow={shown.length > 1 || (width === "middle" && all.length > 1)}
              place={<Place id={id} columns={columns} width={width} />}
            />
          </Column>
        ))}
      </div>
    </div>
  );
}

interface ColumnProps {
  id: string;
  current: boolean;
  several: boolean;
  children: React.ReactNode;
}

function Column({ id, current, several, children }: ColumnProps) {
  const [, go] = useLocation();
  const take = ({ target }: { target: EventTarget }) => {
    if (!current && !(target as Element).closest("[data-puts-away]")) go(`/c/${id}`, { replace: true });
  };
  return (
    <div
      className={css.column}
      data-column={id}
      data-current={several ? current : undefined}
      onFocusCapture={take}
      onPointerDownCapture={take}
    >
      {children}
    </div>
  );
}

function Tabs({ all, current }: { all: string[]; current: string }) {
  const { t } = useWords();
  return (
    <nav className={css.tabs} aria-label={t("beside.open")}>
      {all.map((id) => (
        <Link
          key={id}
          href={`/c/${id}`}
          replace
          className={css.tab}
          aria-current={id === current ? "true" : undefined}
        >
          <Name id={id} shows={id !== current} />
        </Link>
      ))}
    </nav>
  );
}

function Name({ id, shows }: { id: string; shows: boolean }) {
  const { t } = useWords();
  const { data } = useConversation(id);
  if (!data) return t("conversation.gone");
  return (
    <>
      <CustomerName customer={data.customer} />
      {shows && <Unread count={data.unread} />}
    </>
  );
}

/** Keep it beside what is opened next; put it away. */
function Place({ id, columns, width }: { id: string; columns: Held; width: Width }) {
  const { t } = useWords();
  const close = useClose();
  const isKept = columns.kept.includes(id);
  const keeps = width !== "phone" && toggled(columns, id) !== columns;
  return (
    <>
      {keeps && (
        <Tooltip title={t("beside.keep.hint")}>
          <Button
            type="text"
            icon={<Icon name={isKept ? "pinOn" : "pin"} />}
            aria-label={t("beside.keep")}
            aria-pressed={isKept}
            onClick={() => keepOrFree(id)}
          />
        </Tooltip>
      )}
      {idsOf(columns).length > 1 && (
        <Tooltip title={t("beside.put_away.hint")}>
          <Button
            type="text"
            data-puts-away
            icon={<Icon name="putAway" />}
            aria-label={t("beside.put_away")}
            onClick={() => close(id)}
          />
        </Tooltip>
      )}
    </>
  );
}
