/**
 * Above the field: to whom it goes, files, and canned replies for those who would rather tap than type a slash.
 */
import type { Audience } from "@mashang/protocol";
import { Button, Segmented, Tooltip } from "antd";
import { useRef } from "react";
import { Icon, type IconName } from "../../../frame/Icon";
import type { Conversation } from "../../../server/shapes";
import { useWords } from "../../../words/words";
import css from "../Composer.module.css";
import { DraftButton } from "./DraftButton";

interface ToolsProps {
  can: Conversation["can"];
  audience: Audience;
  choose(audience: Audience): void;
  add(files: File[]): void;
  replies(): void;
  cards(): void;
  articles(): void;
  /** Puts a drafted reply into the field. */
  drafted(text: string): void;
  conversation: string;
}

export function Tools(props: ToolsProps) {
  const { can, audience, choose, add, replies, cards, articles, drafted, conversation } = props;
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
      <ToolButton icon="bolt" label={t("composer.replies")} act={replies} />
      <ToolButton icon="book" label={t("articles.title")} act={articles} />
      {audience === "everyone" && <DraftButton conversation={conversation} write={drafted} />}
      {audience === "everyone" && <ToolButton icon="shop" label={t("card.title")} act={cards} />}
      {audience === "staff" && (
        <span className={css.hint}>
          <Icon name="lock" /> {t("composer.note.hint")}
        </span>
      )}
    </div>
  );
}

export function ToolButton({ icon, label, act }: { icon: IconName; label: string; act(): void }) {
  return (
    <Tooltip title={label}>
      <Button type="text" size="small" icon={<Icon name={icon} />} aria-label={label} onClick={act} />
    </Tooltip>
  );
}

function FileButton({ add }: { add(files: File[]): void }) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <ToolButton icon="paperclip" label={t("composer.attach")} act={() => input.current?.click()} />
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
