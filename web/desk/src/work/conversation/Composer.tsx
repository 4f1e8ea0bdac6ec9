/**
 * Where an agent writes: a reply to the customer or a note for colleagues, with pictures and files.
 *
 * Enter sends unless an input method is still composing; Shift+Enter breaks the line. The draft stays with the
 * conversation. What is sent appears at once in the timeline and is kept sending until the server has it. A text that
 * is too long stays whole, with the reason above it: nothing of what was pasted is cut off. A text with a gap that a
 * canned reply left is not sent: the gap is pointed at.
 */

import type { Audience } from "@mashang/protocol";
import { Button, Tooltip } from "antd";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Icon } from "../../frame/Icon";
import { useShortcut } from "../../keys/shortcuts";
import { useDesk } from "../../live/DeskLine";
import type { Conversation } from "../../server/shapes";
import { useWords } from "../../words/words";
import { type Draft, draftOf, keepDraft } from "../drafts";
import { ArticleDialog, Articles } from "./Articles";
import type { ArticleFound } from "./articles";
import { CardDialog } from "./CardDialog";
import css from "./Composer.module.css";
import { returned } from "./returned";
import { TrayView, useTray } from "./TrayView";
import { namedIn } from "./writing/colleagueMenu";
import { Field, type FieldHandle } from "./writing/Field";
import { Gaps } from "./writing/Gaps";
import { gapsIn } from "./writing/gaps";
import { Tools } from "./writing/Tools";

const OwnReplies = lazy(() => import("../../admin/OwnReplies"));
const LONGEST = 8000;

interface ComposerProps {
  conversation: Conversation;
  /** The keys act here. */
  current: boolean;
}

export function Composer(props: ComposerProps) {
  const { t } = useWords();
  const { can } = props.conversation;
  if (!can.reply && !can.note) return <p className={css.closed}>{t("composer.closed")}</p>;
  return <OpenComposer {...props} />;
}

function OpenComposer({ conversation, current }: ComposerProps) {
  const { trays } = useDesk();
  const { id, can } = conversation;
  const field = useRef<FieldHandle>(null);
  const [draft, change] = useDraft(id);
  const audience: Audience = !can.reply ? "staff" : !can.note ? "everyone" : draft.audience;
  const isNote = audience === "staff";
  const send = useSend(conversation, audience, draft, change);
  const add = (files: File[]) => trays.add(id, files);
  const gaps = gapsIn(draft.text);
  const [managing, setManaging] = useState(false);
  const [offering, setOffering] = useState(false);
  const [reading, setReading] = useState<{ article: ArticleFound | null } | null>(null);
  const choose = (next: Audience) => {
    change({ audience: next });
    field.current?.focus();
  };
  useShortcut("reply", () => choose("everyone"), current && Boolean(can.reply));
  useShortcut("note", () => choose("staff"), current && Boolean(can.note));
  const leave = () => {
    const gap = gaps[0];
    if (gap) field.current?.select(gap.from, gap.to);
    else send.now();
  };
  return (
    <div className={css.composer} data-note={isNote}>
      <Tools
        can={can}
        audience={audience}
        choose={choose}
        add={add}
        conversation={id}
        drafted={(text) => {
          change({ text: draft.text.trim() ? `${draft.text.trimEnd()}\n${text}` : text, audience });
          field.current?.focus();
        }}
        replies={() => field.current?.begin("/")}
        cards={() => setOffering(true)}
        articles={() => setReading({ article: null })}
      />
      <TrayView conversation={id} />
      {!isNote && (
        <Articles
          conversation={conversation}
          typed={draft.text}
          show={(article) => setReading({ article })}
        />
      )}
      {send.tooLong && <TooLong count={draft.text.trim().length} />}
      <Gaps gaps={gaps} select={(gap) => field.current?.select(gap.from, gap.to)} />
      <div className={css.line}>
        <Field
          ref={field}
          conversation={conversation}
          audience={audience}
          text={draft.text}
          invalid={send.tooLong}
          write={(text) => {
            change({ text, audience });
            send.typing();
          }}
          name={(colleague) => change({ named: [...(draft.named ?? []), colleague] })}
          send={leave}
          add={add}
          manage={() => setManaging(true)}
        />
        <SendButton isNote={isNote} possible={send.possible} send={leave} />
      </div>
      {reading && (
        <ArticleDialog
          begin={reading.article}
          put={(words) =>
            change({ text: [draft.text.trimEnd(), words].filter(Boolean).join("\n"), audience })
          }
          close={() => {
            setReading(null);
            field.current?.focus();
          }}
        />
      )}
      {offering && (
        <CardDialog
          conversation={conversation}
          close={() => {
            setOffering(false);
            field.current?.focus();
          }}
        />
      )}
      {managing && (
        <Suspense>
          <OwnReplies
            close={() => {
              setManaging(false);
              field.current?.focus();
            }}
          />
        </Suspense>
      )}
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

/** The draft, kept as one types; a message taken back from the timeline comes here. */
function useDraft(id: string): [Draft, (part: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(() => draftOf(id));
  const held = useRef(draft); // two changes may come before the next drawing
  const change = (part: Partial<Draft>) => {
    held.current = { ...held.current, ...part };
    keepDraft(id, held.current);
    setDraft(held.current);
  };
  useEffect(
    () =>
      returned.hear(id, (back) => {
        held.current = { ...back, text: [held.current.text, back.text].filter(Boolean).join("\n") };
        setDraft(held.current);
      }),
    [id],
  );
  return [draft, change];
}

function useSend(
  conversation: Conversation,
  audience: Audience,
  draft: Draft,
  change: (part: Partial<Draft>) => void,
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
      desk.types(id, audience);
    },
    now: () => {
      if (!possible) return;
      const mentions = audience === "staff" ? namedIn(text, draft.named ?? []) : [];
      if (text) desk.say({ conversation: id, audience, text, mentions });
      desk.trays.send(id, audience);
      change({ text: "", audience, named: [] });
    },
  };
}
