/**
 * The live board: who waits and who answers at this moment, the worst first.
 *
 * Numbers large enough to be read across a room; each says beside itself what it is, and the help says what it counts.
 * Behind every line stand its conversations.
 */
import { Button, Segmented } from "antd";
import { useState } from "react";
import { ExportButton } from "../frame/ExportButton";
import { Icon } from "../frame/Icon";
import { Loading, Trouble } from "../frame/States";
import { useNow } from "../live/DeskLine";
import { useWidth } from "../look/useWidth";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import { AgentLines } from "./AgentLines";
import { BehindDrawer } from "./BehindDrawer";
import { BoardHelp } from "./BoardHelp";
import css from "./BoardPage.module.css";
import { QueueLines } from "./QueueLines";
import { type Behind, useBoard } from "./queries";
import type { Board } from "./shapes";
import { TotalsBar } from "./TotalsBar";

export default function BoardPage({ me }: { me: Me }) {
  const { t } = useWords();
  const board = useBoard();
  const [help, setHelp] = useState(false);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{t("board.title")}</h1>
        {me.permissions.includes("conversations.export") && (
          <ExportButton path="/desk/board/export" file="board.csv" word="board.export" />
        )}
        <Button icon={<Icon name="info" />} onClick={() => setHelp(true)}>
          {t("board.help")}
        </Button>
      </header>
      {board.data ? (
        <Live board={board.data} me={me} />
      ) : board.isPending ? (
        <Loading />
      ) : (
        <Trouble error={board.error} again={() => void board.refetch()} />
      )}
      <BoardHelp open={help} close={() => setHelp(false)} />
    </div>
  );
}

type Part = "queues" | "agents";

function Live({ board, me }: { board: Board; me: Me }) {
  const { t } = useWords();
  const now = useNow();
  const [behind, setBehind] = useState<Behind>();
  const [part, setPart] = useState<Part>("queues");
  const both = useWidth() === "wide";
  return (
    <>
      <TotalsBar board={board} now={now} />
      {!both && (
        <Segmented<Part>
          block
          aria-label={t("board.part")}
          value={part}
          onChange={setPart}
          options={[
            { value: "queues", label: t("board.queues") },
            { value: "agents", label: t("board.agents") },
          ]}
        />
      )}
      <div className={css.parts} data-both={both}>
        {(both || part === "queues") && (
          <QueueLines queues={board.queues} now={now} open={(queue) => setBehind({ queue })} />
        )}
        {(both || part === "agents") && (
          <AgentLines board={board} now={now} open={(agent) => setBehind({ agent })} />
        )}
      </div>
      <BehindDrawer behind={behind} me={me} close={() => setBehind(undefined)} />
    </>
  );
}
