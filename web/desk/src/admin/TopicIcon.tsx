import { TOPIC_ICONS, type TopicIconName } from "@mashang/protocol/topic-icons";

export const isDrawn = (icon: string): icon is TopicIconName => Object.hasOwn(TOPIC_ICONS, icon);

/** What stands on a code's button: one of our drawings, or an emoji that came from elsewhere, as it is. */
export function TopicIcon({ icon, size = 20 }: { icon: string; size?: number }) {
  if (!isDrawn(icon)) return <span aria-hidden>{icon}</span>;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d={TOPIC_ICONS[icon]} />
    </svg>
  );
}
