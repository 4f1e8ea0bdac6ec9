/**
 * The small picture on a code's button: one of a dozen every device can draw, or none.
 */
import { useId } from "react";
import { useWords, type WordKey } from "../words/words";
import css from "./IconPicker.module.css";

const ICONS: [string, WordKey][] = [
  ["", "icon.none"],
  ["⚡", "icon.bolt"],
  ["🔑", "icon.key"],
  ["🧾", "icon.receipt"],
  ["🛡️", "icon.shield"],
  ["💡", "icon.bulb"],
  ["🎁", "icon.gift"],
  ["🎧", "icon.headset"],
  ["💳", "icon.card"],
  ["🎮", "icon.game"],
  ["📦", "icon.parcel"],
  ["💬", "icon.speech"],
  ["🔄", "icon.exchange"],
];

interface IconPickerProps {
  id?: string;
  value?: string;
  disabled?: boolean;
  onChange?(icon: string): void;
}

export function IconPicker({ id, value = "", onChange }: IconPickerProps) {
  const { t } = useWords();
  const name = useId();
  const offered = ICONS.some(([icon]) => icon === value) ? ICONS : [...ICONS, [value, "icon.other"] as const];
  return (
    <div id={id} className={css.icons} role="radiogroup" aria-label={t("topic.icon")}>
      {offered.map(([icon, word]) => (
        <label key={icon} className={css.icon} title={t(word)}>
          <input
            type="radio"
            name={name}
            checked={value === icon}
            onChange={() => onChange?.(icon)}
            aria-label={t(word)}
          />
          <span aria-hidden>{icon || "—"}</span>
        </label>
      ))}
    </div>
  );
}
