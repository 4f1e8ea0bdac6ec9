/**
 * One's own message, and for two minutes what one can do with it: copy it, or take it back.
 *
 * The button beside it and a long press open the same two choices under it, so that they are found with a finger,
 * with a pointer and by keyboard. While they are there a long press selects no text; that is what "copy" is for.
 */
import type { Entry } from "@mashang/protocol";
import { RECALLED_WITHIN_MS } from "@mashang/protocol/recall";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { copy } from "../model/saving";
import { t } from "../words";
import { Icon } from "./Icon";

const LONG_PRESS_MS = 500;

interface Props {
  app: App;
  conversation: string;
  entry: Entry;
  children: ComponentChildren;
}

export function OwnWords({ app, conversation, entry, children }: Props) {
  const fresh = useFresh(Date.parse(entry.at) + RECALLED_WITHIN_MS - app.store.state.ahead);
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const press = useLongPress(() => setOpen(true));
  const close = () => {
    setOpen(false);
    opener.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <div class={fresh ? "own fresh" : "own"} {...(fresh ? press : {})}>
        {fresh && (
          <button
            type="button"
            class="round own-more"
            ref={opener}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <Icon name="more" size={20} />
            <span class="hidden">{t("said.more")}</span>
          </button>
        )}
        {children}
      </div>
      {fresh && open && <Choices app={app} conversation={conversation} entry={entry} close={close} />}
    </>
  );
}

function Choices({ app, conversation, entry, close }: Omit<Props, "children"> & { close: () => void }) {
  const [busy, setBusy] = useState(false);
  const [copied, setCopied] = useState(false);
  const recall = useRef<HTMLButtonElement>(null);
  useEffect(() => recall.current?.focus({ preventScroll: true }), []);
  const takeBack = async () => {
    setBusy(true);
    if (!(await app.attempt(() => app.talks.recall(conversation, entry.seq)))) close();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  const { text } = entry;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="own-choices" role="group" aria-label={t("said.more")} onKeyDown={onKey}>
      {text && (
        <button
          type="button"
          class="small-action"
          onClick={() => void copy(text).then((done) => done && setCopied(true))}
        >
          {t(copied ? "said.copied" : "said.copy")}
        </button>
      )}
      <button type="button" class="small-action" ref={recall} disabled={busy} onClick={() => void takeBack()}>
        {t("said.recall")}
      </button>
    </div>
  );
}

/** Whether that moment, by our own clock, is still to come. */
function useFresh(until: number): boolean {
  const [now, tick] = useState(Date.now);
  useEffect(() => {
    const left = until - Date.now();
    if (left <= 0) return tick(Date.now());
    const timer = setTimeout(() => tick(Date.now()), left + 20);
    return () => clearTimeout(timer);
  }, [until]);
  return now < until;
}

/** A finger that stays; browsers that open a menu of their own for it are asked not to. */
function useLongPress(act: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const touched = useRef(false);
  const acted = useRef(false);
  const end = () => clearTimeout(timer.current);
  return {
    onTouchStart: () => {
      touched.current = true;
      acted.current = false;
      timer.current = setTimeout(() => {
        acted.current = true;
        act();
      }, LONG_PRESS_MS);
    },
    onTouchMove: end,
    onTouchEnd: end,
    onTouchCancel: end,
    onMouseDown: () => {
      touched.current = false;
    },
    onContextMenu: (event: Event) => touched.current && event.preventDefault(),
    /** The finger that is lifted then opens nothing. */
    onClickCapture: (event: Event) => {
      if (acted.current) event.stopPropagation();
      acted.current = false;
    },
  };
}
