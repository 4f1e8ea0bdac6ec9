/**
 * The drawings: one line style, 24 × 24, always beside words or under a label of their own.
 *
 * Those an operator can give a service code are the desk's too and live with the protocol.
 */
import { TOPIC_ICONS } from "@mashang/protocol/topic-icons";

const PATHS = {
  ...TOPIC_ICONS,
  assistant: "M12 3v4M4 7h16v13H4zM9 12h.01M15 12h.01M9 16h6",
  attach:
    "m20 11-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  back: "M15 5l-7 7 7 7",
  check: "m5 12.5 4.5 4.5L19 7.5",
  close: "m6 6 12 12M18 6 6 18",
  down: "M12 5v13M6 12.5l6 6 6-6",
  emoji:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14.2c.9 1.3 2.1 2 3.5 2s2.6-.7 3.5-2M9 9.5h.01M15 9.5h.01",
  fold: "M5 9l7 7 7-7",
  send: "M12 20V5M5.5 11 12 4.5 18.5 11",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  file: "M6 3h8l4.5 4.5V21H6zM14 3v4.5h4.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** What an operator chose for a topic: one of our drawings, or an emoji as it is. */
export function TopicIcon({ icon }: { icon: string }) {
  if (icon in TOPIC_ICONS) return <Icon name={icon as IconName} />;
  if (icon !== "" && [...icon].length <= 3 && /[^\w\s]/.test(icon))
    return <span aria-hidden="true">{icon}</span>;
  return <Icon name="question" />;
}
