/**
 * Where an agent writes: a reply to the customer or a note for colleagues, with pictures and files.
 *
 * Enter sends unless an input method is still composing; Shift+Enter breaks the line. The draft stays with the
 * conversation. What is sent appears at once in the timeline and is kept sending until the server has it. A text that
 * is too long stays whole, with the reason above it: nothing of what was pasted is cut off.
 */

import type { Audience } from "@mashang/protocol";
import { Button, Segmented, Tooltip } from "antd";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Icon } from "../../frame/Icon";
import { useDesk } from "../../live/DeskLine";
import type { Conversation } from "../../server/shapes";
import { useWords } from "../../words/words";
import { type Draft, draftOf, keepDraft } from "../drafts";
import css from "./Composer.module.css";
import { returned } from "./returned";
import { TrayView, useTray } from "./TrayView";

const LONGEST = 8000;

export function Composer({ conversation }: { conversation: Conversation }) {
  const { t } = useWords();
  const { can } = conversation;
  if (!can.reply && !can.note) return <p className={css.closed}>{t("composer.closed")}</p>;
  return <OpenComposer conversation={conversation} />;
}

function OpenComposer({ conversation }: { conversation: Conversation }) {
  const { t } = useWords();
  const { trays } = useDesk();
  const { id, can } = conversation;
  const area = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useDraft(id);
  const audience: Audience = !can.reply ? "staff" : !can.note ? "everyone" : draft.audience;
  const isNote = audience === "staff";
  const send = useSend(conversation, audience, draft, setDraft);
  useGrowing(area, draft.text);
  const add = (files: File[]) => trays.add(id, files);
  const choose = (next: Audience) => {
    setDraft({ ...draft, audience: next });
    area.current?.focus();
  };
  return (
    <div className={css.composer} data-note={isNote}>
      <Tools can={can} audience={audience} choose={choose} add={add} />
      <TrayView conversation={id} />
      {send.tooLong && <TooLong count={draft.text.trim().length} />}
      <div className={css.line}>
        <textarea
          dir="auto"
          ref={area}
          className={css.area}
          rows={1}
          value={draft.text}
          aria-invalid={send.tooLong}
          aria-label={t(isNote ? "composer.note.label" : "composer.reply.label")}
          placeholder={t(isNote ? "composer.note.placeholder" : "composer.reply.placeholder")}
          onChange={(event) => {
            setDraft({ text: event.target.value, audience });
            send.typing();
          }}
          onKeyDown={(event) => {
            if (!sends(event)) return;
            event.preventDefault();
            send.now();
          }}
          onPaste={(event) => paste(event, add)}
        />
        <SendButton isNote={isNote} possible={send.possible} send={send.now} />
      </div>
    </div>
  );
}

function TooLong({ count }: { count: number }) {
  const { t } = useWords();
  return (
    <p className={css.tooLong} role="alert">
      {t("composer.too_long", { count, limit: LONGEST })}
    </p>
  );
}

interface SendButtonProps {
  isNote: boolean;
  possible: boolean;
  send(): void;
}

function SendButton({ isNote, possible, send }: SendButtonProps) {
  const { t } = useWords();
  return (
    <Tooltip title={t("composer.keys")}>
      <Button
        type="primary"
        className={css.send}
        icon={<Icon name="send" />}
        onClick={send}
        disabled={!possible}
      >
        {t(isNote ? "composer.note.send" : "composer.send")}
      </Button>
    </Tooltip>
  );
}

interface ToolsProps {
  can: Conversation["can"];
  audience: Audience;
  choose(audience: Audience): void;
  add(files: File[]): void;
}

function Tools({ can, audience, choose, add }: ToolsProps) {
  const { t } = useWords();
  return (
    <div className={css.tools}>
      <Segmented<Audience>
        size="small"
        aria-label={t("composer.audience")}
        value={audience}
        onChange={choose}
        options={[
          { value: "everyone", label: t("composer.reply"), disabled: !can.reply },
          { value: "staff", label: t("composer.note"), disabled: !can.note },
        ]}
      />
      <FileButton add={add} />
      {audience === "staff" && (
        <span className={css.hint}>
          <Icon name="lock" /> {t("composer.note.hint")}
        </span>
      )}
    </div>
  );
}

/** Enter alone, and not the Enter that picks a word in an input method (229 is what older ones report). */
function sends(event: KeyboardEvent): boolean {
  const composing = event.nativeEvent.isComposing || event.keyCode === 229;
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !composing;
}

function paste(event: ClipboardEvent, add: (files: File[]) => void): void {
  const files = [...event.clipboardData.files];
  if (files.length === 0) return;
  event.preventDefault();
  add(files);
}

/** The draft, kept as one types; a message taken back from the timeline comes here. */
function useDraft(id: string): [Draft, (draft: Draft) => void] {
  const [draft, setDraft] = useState(() => draftOf(id));
  const keep = (next: Draft) => {
    keepDraft(id, next);
    setDraft(next);
  };
  useEffect(
    () =>
      returned.hear(id, (back) =>
        setDraft((now) => ({ ...back, text: [now.text, back.text].filter(Boolean).join("\n") })),
      ),
    [id],
  );
  return [draft, keep];
}

function useSend(
  conversation: Conversation,
  audience: Audience,
  draft: Draft,
  setDraft: (draft: Draft) => void,
) {
  const desk = useDesk();
  const { id } = conversation;
  const text = draft.text.trim();
  const tooLong = text.length > LONGEST;
  const files = useTray(id).some((item) => item.state !== "failed" && !item.sendTo);
  const possible = (text !== "" || files) && !tooLong;
  return {
    possible,
    tooLong,
    typing: () => {
      if (audience === "everyone") desk.types(id);
    },
    now: () => {
      if (!possible) return;
      if (text) desk.say({ conversation: id, audience, text });
      desk.trays.send(id, audience);
      setDraft({ text: "", audience });
    },
  };
}

function useGrowing(area: React.RefObject<HTMLTextAreaElement | null>, text: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const field = area.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
  }, [area, text]);
}

function FileButton({ add }: { add(files: File[]): void }) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tooltip title={t("composer.attach")}>
        <Button
          type="text"
          size="small"
          icon={<Icon name="paperclip" />}
          aria-label={t("composer.attach")}
          onClick={() => input.current?.click()}
        />
      </Tooltip>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}
