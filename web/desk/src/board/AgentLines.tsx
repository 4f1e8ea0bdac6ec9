/**
 * The staff, the worst first: who is here since when, what they have to do, what they did today.
 */
import { App, Button, Input } from "antd";
import { useState } from "react";
import { Nothing, sentence } from "../frame/States";
import { span } from "../words/telling";
import { useWords } from "../words/words";
import css from "./BoardPage.module.css";
import { Figure } from "./Figure";
import { Folding } from "./Folding";
import { useSetAway } from "./queries";
import type { Board, BoardAgent } from "./shapes";
import { TroubleMark } from "./TroubleMark";
import { agentsByTrouble, agentTrouble } from "./trouble";

const FEW = 12;

interface AgentLinesProps {
  board: Board;
  now: number;
  open(agent: BoardAgent): void;
}

export function AgentLines({ board, now, open }: AgentLinesProps) {
  const { t } = useWords();
  const [wanted, setWanted] = useState("");
  const names = new Map(board.queues.map(({ department }) => [department.id, department.name]));
  const departments = (agent: BoardAgent) =>
    agent.departments.map((id) => names.get(id) ?? "").filter(Boolean);
  const asked = wanted.trim().toLowerCase();
  const found = agentsByTrouble(board.agents).filter((agent) =>
    [agent.name, ...departments(agent)].some((name) => name.toLowerCase().includes(asked)),
  );
  return (
    <section className={css.part} aria-label={t("board.agents")}>
      <h2>{t("board.agents")}</h2>
      {board.agents.length > FEW && (
        <Input
          allowClear
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          placeholder={t("board.find")}
          aria-label={t("board.find")}
        />
      )}
      {found.length === 0 && <Nothing icon="people" title={t("board.agents.none")} />}
      <Folding
        all={found}
        show={(agent) => (
          <AgentLine
            key={agent.id}
            agent={agent}
            departments={departments(agent)}
            now={now}
            open={() => open(agent)}
          />
        )}
      />
    </section>
  );
}

function SetAway({ agent }: { agent: BoardAgent }) {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const setAway = useSetAway();
  const ask = () =>
    modal.confirm({
      title: t("set_away.title", { name: agent.name }),
      content: t("set_away.hint", { n: agent.load }),
      okText: t("do.set_away"),
      cancelText: t("do.cancel"),
      onOk: () =>
        setAway.mutateAsync(agent.id).catch((error: unknown) => void message.error(sentence(t, error))),
    });
  return (
    <Button
      size="small"
      className={css.deed}
      onClick={ask}
      aria-label={t("set_away.of", { name: agent.name })}
    >
      {t("do.set_away")}
    </Button>
  );
}

interface AgentLineProps {
  agent: BoardAgent;
  departments: string[];
  now: number;
  open(): void;
}

function AgentLine({ agent, departments, now, open }: AgentLineProps) {
  const { t } = useWords();
  const { level, word } = agentTrouble(agent);
  const refused = agent.declined + agent.timed_out;
  return (
    <li className={css.line} data-level={level} data-state={agent.state}>
      <div className={css.name}>
        <button type="button" className={css.open} onClick={open} title={agent.name}>
          {agent.name}
        </button>
        <span className={css.state} data-state={agent.state}>
          <span className={css.dot} aria-hidden />
          {t(`board.state.${agent.state}`)}
          {agent.since && ` ${span(t, now - Date.parse(agent.since))}`}
        </span>
        {word && <TroubleMark level={level} words={t(word)} />}
        {agent.state === "available" && <SetAway agent={agent} />}
      </div>
      <p className={`${css.departments} one-line`}>
        {departments.join(t("board.between")) || t("board.no_department")}
      </p>
      <dl className={css.figures}>
        <Figure
          word={t("board.load")}
          detail={agent.offers ? t("board.offers_n", { n: agent.offers }) : undefined}
        >
          {agent.load}
          <i className={css.of}>/{agent.capacity}</i>
        </Figure>
        <Figure
          word={t("board.refused")}
          detail={
            refused
              ? t("board.refused_n", { declined: agent.declined, timed_out: agent.timed_out })
              : undefined
          }
        >
          {refused}
        </Figure>
        <Figure word={t("board.handled")}>{agent.handled}</Figure>
      </dl>
    </li>
  );
}
