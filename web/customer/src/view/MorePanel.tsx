/** What can be done with a conversation now and then: search the help, keep it as text, go on on another device. */
import type { CustomerConversation } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { ContinueSheet } from "./ContinueSheet";
import { HelpSheet } from "./HelpSheet";
import { LargeSwitch } from "./LargeSwitch";
import { more } from "./more_words";
import { TranscriptSheet } from "./TranscriptSheet";

interface Props {
  app: App;
  conversation: CustomerConversation;
  /** How often it was continued elsewhere. */
  times: number;
  close: () => void;
}

export function MorePanel({ app, conversation, times, close }: Props) {
  const [chosen, choose] = useState<"help" | "save" | "continue" | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  if (chosen === "help") return <HelpSheet app={app} conversation={conversation} close={close} />;
  if (chosen === "save") return <TranscriptSheet app={app} conversation={conversation} close={close} />;
  if (chosen === "continue")
    return <ContinueSheet app={app} conversation={conversation.id} times={times} close={close} />;
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="question" role="group" aria-label={more("more.label")} onKeyDown={onKey}>
      <div class="choices" ref={box}>
        {app.store.state.help && conversation.status !== "closed" && (
          <button type="button" class="action quiet-action" onClick={() => choose("help")}>
            {more("help.search")}
          </button>
        )}
        <button type="button" class="action quiet-action" onClick={() => choose("save")}>
          {more("more.save")}
        </button>
        {conversation.status !== "closed" && (
          <button type="button" class="action quiet-action" onClick={() => choose("continue")}>
            {more("more.continue")}
          </button>
        )}
        <LargeSwitch app={app} shape="action quiet-action" />
      </div>
    </div>
  );
}
