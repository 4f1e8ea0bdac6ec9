/**
 * The field one writes in, with the menu that opens behind a slash.
 *
 * It grows with its text. What is pasted as a file is attached.
 */
import type { Audience, Named } from "@mashang/protocol";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import type { Conversation } from "../../../server/shapes";
import { useWords } from "../../../words/words";
import css from "../Composer.module.css";
import { useColleagueMenu } from "./colleagueMenu";
import { gapsIn } from "./gaps";
import { useMacroMenu } from "./macroMenu";
import { RepliesFooter, useReplyMenu } from "./replyMenu";
import { Suggestions } from "./Suggestions";
import { replaced, type Sign, type Typed, typedAt } from "./typed";
import { composing, useMenu } from "./useMenu";

export interface FieldHandle {
  focus(): void;
  select(from: number, to: number): void;
  /** Writes the sign that opens a menu, where the caret stands. */
  begin(sign: Sign): void;
}

interface FieldProps {
  ref: Ref<FieldHandle>;
  conversation: Conversation;
  audience: Audience;
  text: string;
  invalid: boolean;
  write(text: string): void;
  send(): void;
  add(files: File[]): void;
  /** Opens one's own canned replies. */
  manage(): void;
  /** Somebody was chosen to be named in a note. */
  name(colleague: Named): void;
}

export function Field(props: FieldProps) {
  const { ref, conversation, audience, text, invalid, write, send, add, manage, name } = props;
  const { t } = useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const isNote = audience === "staff";
  const [caret, setCaret] = useState<number | null>(null);
  const edit = useEditing(area, write);
  useImperativeHandle(ref, () => edit);
  useGrowing(area, text);
  const typed = caret === null ? null : typedAt(text, caret);
  const replies = useReplyMenu(conversation, typed, edit.put);
  const colleagues = useColleagueMenu(conversation, isNote, typed, edit.put, name);
  const macros = useMacroMenu(conversation, typed, edit.put);
  const menu = useMenu(typed, replies ? [...replies, ...macros] : colleagues);
  return (
    <div className={css.field}>
      {menu.open && (
        <Suggestions
          {...menu}
          label={t(replies ? "replies.menu" : "mentions.menu")}
          empty={t(replies ? "replies.none" : "mentions.nobody")}
          footer={replies && <RepliesFooter manage={manage} />}
        />
      )}
      <textarea
        dir="auto"
        ref={area}
        className={css.area}
        rows={1}
        value={text}
        {...menu.aria}
        aria-invalid={invalid}
        aria-label={t(isNote ? "composer.note.label" : "composer.reply.label")}
        placeholder={t(isNote ? "composer.note.placeholder" : "composer.reply.placeholder")}
        onChange={(event) => {
          write(event.target.value);
          setCaret(event.target.selectionEnd);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
        onBlur={() => setCaret(null)}
        onKeyDown={(event) => {
          if (menu.takes(event) || !sends(event)) return;
          event.preventDefault();
          send();
        }}
        onPaste={(event) => paste(event, add)}
      />
    </div>
  );
}

/** Enter alone, and not the Enter that picks a word in an input method. */
function sends(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !composing(event);
}

function paste(event: ClipboardEvent, add: (files: File[]) => void): void {
  const files = [...event.clipboardData.files];
  if (files.length === 0) return;
  event.preventDefault();
  add(files);
}

export type Put = (typed: Typed, words: string) => void;

/** Changes of the text that are not typed; afterwards the field has the focus, and the first gap is selected. */
function useEditing(area: RefObject<HTMLTextAreaElement | null>, write: (text: string) => void) {
  const select = (from: number, to: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(from, to);
  };
  const writeAnd = (text: string, from: number, to: number) => {
    write(text);
    requestAnimationFrame(() => select(from, to));
  };
  return {
    select,
    focus: () => area.current?.focus(),
    begin: (sign: Sign) => {
      const { value = "", selectionEnd = 0 } = area.current ?? {};
      const before = value.slice(0, selectionEnd);
      const begun = /(^|\s)$/.test(before) ? before + sign : `${before} ${sign}`;
      writeAnd(begun + value.slice(selectionEnd), begun.length, begun.length);
    },
    put: (typed: Typed, words: string) => {
      const { text, caret } = replaced(area.current?.value ?? "", typed, words);
      const start = caret - words.length;
      const gap = gapsIn(text).find(({ from, to }) => from >= start && to <= caret);
      writeAnd(text, gap?.from ?? caret, gap?.to ?? caret);
    },
  };
}

function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const field = area.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
  }, [area, text]);
}
