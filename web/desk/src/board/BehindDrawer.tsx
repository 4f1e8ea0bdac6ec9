/**
 * The conversations behind a number of the board, each with what a supervisor does with it.
 */
import { Button, Drawer } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import { useNow } from "../live/DeskLine";
import type { Me, Row } from "../server/shapes";
import { useWords } from "../words/words";
import { TraceDrawer } from "../work/conversation/TraceDrawer";
import { TransferDialog } from "../work/conversation/TransferDialog";
import { WhisperDialog } from "../work/conversation/WhisperDialog";
import { ConversationRow } from "../work/list/ConversationRow";
import css from "./BoardPage.module.css";
import { type Behind, useBehind } from "./queries";

interface BehindDrawerProps {
  behind: Behind | undefined;
  me: Me;
  close(): void;
}

export function BehindDrawer({ behind, me, close }: BehindDrawerProps) {
  const { t } = useWords();
  const name = behind && ("agent" in behind ? behind.agent.name : behind.queue.department.name);
  const title =
    behind && t("agent" in behind ? "board.behind.agent" : "board.behind.queue", { name: name ?? "" });
  return (
    <Drawer
      open={Boolean(behind)}
      onClose={close}
      size="min(480px, 100vw)"
      title={title}
      styles={{ body: { padding: 0 } }}
      destroyOnHidden
    >
      {behind && <Conversations behind={behind} me={me} />}
    </Drawer>
  );
}

type Deed = "transfer" | "whisper" | "trace";

function Conversations({ behind, me }: { behind: Behind; me: Me }) {
  const { t } = useWords();
  const rows = useBehind(behind);
  const now = useNow();
  const [chosen, setChosen] = useState<{ row: Row; deed: Deed }>();
  if (rows.isPending) return <Loading />;
  if (!rows.data) return <Trouble error={rows.error} again={() => void rows.refetch()} />;
  if (rows.data.length === 0) return <Nothing icon="inbox" title={t("board.behind.none")} />;
  const away = () => setChosen(undefined);
  return (
    <>
      <ul>
        {rows.data.map((row, at) => (
          <li key={row.id} className={css.behind}>
            <ConversationRow row={row} me={me} now={now} at={at} selected={false} reachable />
            <div className={css.deeds}>
              <Button
                size="small"
                icon={<Icon name="transfer" />}
                onClick={() => setChosen({ row, deed: "transfer" })}
              >
                {t("do.reassign")}
              </Button>
              {row.agent && row.agent.id !== me.id && (
                <Button
                  size="small"
                  icon={<Icon name="lock" />}
                  onClick={() => setChosen({ row, deed: "whisper" })}
                >
                  {t("do.whisper")}
                </Button>
              )}
              <Button
                size="small"
                icon={<Icon name="audit" />}
                onClick={() => setChosen({ row, deed: "trace" })}
              >
                {t("do.trace")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {chosen && (
        <>
          <TransferDialog conversation={chosen.row} me={me} open={chosen.deed === "transfer"} close={away} />
          <WhisperDialog conversation={chosen.row} open={chosen.deed === "whisper"} close={away} />
          <TraceDrawer conversation={chosen.row} open={chosen.deed === "trace"} close={away} />
        </>
      )}
    </>
  );
}
