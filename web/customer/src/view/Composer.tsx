/**
 * Where the customer writes: text that grows, pictures picked, pasted or dropped, a few emoji.
 *
 * Enter sends, Shift+Enter breaks the line, and Enter that ends a Chinese input method's choice does neither.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import { Icon } from "./Icon";
import { More } from "./More";
import { Voice } from "./Voice";

const TALLEST_PX = 132;
const LONGEST = 8000;

interface Props {
  app: App;
  conversation: string;
  /** Called up by the customer, who will want to write at once. */
  eager: boolean;
  /** Words that were taken back, to be said better. */
  again: string | null;
}

export function Composer({ app, conversation, eager, again }: Props) {
  const [text, setText] = useState(() => app.draft(conversation));
  const [choosing, setChoosing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const tooLong = text.length > LONGEST;
  const grow = useGrowing(field, text);
  useEffect(() => {
    const touch = window.matchMedia("(pointer: coarse)").matches; // focus would raise the keyboard unasked
    if (eager && !touch) field.current?.focus({ preventScroll: true });
  }, [eager]);
  const write = (value: string) => {
    setText(value);
    app.keepDraft(conversation, value);
    if (value !== "") app.live.typing(conversation);
  };
  useEffect(() => {
    if (again === null) return;
    write(text === "" ? again : `${text}\n${again}`);
    app.store.patch({ again: null });
    field.current?.focus();
  }, [again]);
  const send = () => {
    const said = text.trim();
    if (said === "" || tooLong) return field.current?.focus();
    app.outbox.sendText(conversation, said);
    setText("");
    app.keepDraft(conversation, "");
    setChoosing(false);
    field.current?.focus();
  };
  const insert = (emoji: string) => {
    const at = field.current?.selectionStart ?? text.length;
    const to = field.current?.selectionEnd ?? at;
    write(text.slice(0, at) + emoji + text.slice(to));
    requestAnimationFrame(() => field.current?.setSelectionRange(at + emoji.length, at + emoji.length));
  };
  const heard = (words: string) => {
    write(text + words);
    field.current?.focus();
  };
  const files = (list: FileList | null | undefined) => {
    for (const file of Array.from(list ?? [])) app.outbox.sendFile(conversation, file);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    files(event.clipboardData.files);
  };
  return (
    <footer class="composer">
      {tooLong && (
        <p class="field-problem" role="alert">
          {t("compose.too_long", { count: text.length, limit: LONGEST })}
        </p>
      )}
      {choosing && (
        <More app={app} close={() => setChoosing(false)}>
          {({ EmojiPanel }) => <EmojiPanel choose={insert} close={() => setChoosing(false)} />}
        </More>
      )}
      <div class="composer-row">
        <FilePicker choose={files} />
        <textarea
          dir="auto"
          ref={field}
          rows={1}
          value={text}
          aria-invalid={tooLong}
          aria-label={t("compose.label")}
          placeholder={t("compose.placeholder")}
          enterkeyhint="send"
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKey}
          onPaste={onPaste}
          onFocus={grow}
        />
        <Voice app={app} heard={heard} />
        <button type="button" class="round" aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
          <Icon name="emoji" />
          <span class="hidden">{t("compose.emoji")}</span>
        </button>
        <button type="button" class="send" aria-disabled={text.trim() === "" || tooLong} onClick={send}>
          <Icon name="send" />
          <span class="hidden">{t("compose.send")}</span>
        </button>
      </div>
    </footer>
  );
}

function FilePicker({ choose }: { choose: (files: FileList | null) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="round" onClick={() => picker.current?.click()}>
        <Icon name="attach" />
        <span class="hidden">{t("compose.attach")}</span>
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          choose(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

/** As high as the text, up to about five lines. */
function useGrowing(field: { current: HTMLTextAreaElement | null }, text: string): () => void {
  const grow = () => {
    const box = field.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(TALLEST_PX, box.scrollHeight)}px`;
    box.style.overflowY = box.scrollHeight > TALLEST_PX ? "auto" : "hidden";
  };
  useLayoutEffect(grow, [text]);
  return grow;
}
