/**
 * The small picture on a code's button: one of our dozen drawings.
 */
import { TOPIC_ICONS, type TopicIconName } from "@mashang/protocol/topic-icons";
import { ConfigProvider } from "antd";
import { useId } from "react";
import { useWords } from "../words/words";
import css from "./IconPicker.module.css";
import { isDrawn, TopicIcon } from "./TopicIcon";

const ICONS = Object.keys(TOPIC_ICONS) as TopicIconName[];

interface IconPickerProps {
  id?: string;
  value?: string;
  onChange?(icon: string): void;
}

export function IconPicker({ id, value = "", onChange }: IconPickerProps) {
  const { t } = useWords();
  const name = useId();
  const { componentDisabled } = ConfigProvider.useConfig();
  const offered: string[] = value && !isDrawn(value) ? [...ICONS, value] : ICONS;
  return (
    <div id={id} className={css.icons} role="radiogroup" aria-label={t("topic.icon")}>
      {offered.map((icon) => {
        const word = t(isDrawn(icon) ? `icon.${icon}` : "icon.other");
        return (
          <label key={icon} className={css.icon} title={word}>
            <input
              type="radio"
              name={name}
              checked={value === icon}
              disabled={componentDisabled}
              onChange={() => onChange?.(icon)}
              aria-label={word}
            />
            <TopicIcon icon={icon} />
          </label>
        );
      })}
    </div>
  );
}
