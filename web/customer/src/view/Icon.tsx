/**
 * The drawings: one line style, 24 × 24, always beside words or under a label of their own.
 */
const PATHS = {
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20.5c.8-3.6 4-5.5 8-5.5s7.2 1.9 8 5.5",
  attach:
    "m20 11-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  back: "M15 5l-7 7 7 7",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15l1.5-2ZM10 21.5h4",
  card: "M3 6.5h18v11H3zM3 10.5h18M6.5 14.5h4",
  cart: "M3 4h2.5l2 11h10l2-7.5H6.5M9 20h.01M16.5 20h.01",
  chat: "M4 5h16v11.5H11L6.5 20v-3.5H4z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.2l3.4 2",
  close: "m6 6 12 12M18 6 6 18",
  down: "M12 5v13M6 12.5l6 6 6-6",
  emoji:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14.2c.9 1.3 2.1 2 3.5 2s2.6-.7 3.5-2M9 9.5h.01M15 9.5h.01",
  fold: "M5 9l7 7 7-7",
  game: "M7.5 8h9a4.5 4.5 0 0 1 4.3 5.8l-.8 2.7a2 2 0 0 1-3.5.6L15 15H9l-1.5 2.1a2 2 0 0 1-3.5-.6l-.8-2.7A4.5 4.5 0 0 1 7.5 8ZM8.5 10.5v3M7 12h3M15.5 12h.01",
  gift: "M4 11h16v9.5H4zM3 7.5h18V11H3zM12 7.5v13M12 7.5C9 7.5 7.5 6 8.2 4.5 9 3 11.5 4 12 7.5c.5-3.5 3-4.5 3.8-3 .7 1.5-.8 3-3.8 3Z",
  headset:
    "M4 14v-2a8 8 0 0 1 16 0v2M4 14.5A1.5 1.5 0 0 1 5.5 13H7v5.5H5.5A1.5 1.5 0 0 1 4 17zM20 14.5a1.5 1.5 0 0 0-1.5-1.5H17v5.5h1.5A1.5 1.5 0 0 0 20 17zM19.5 18c0 2-2 3-5.5 3",
  order: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
  phone: "M7.5 2.5h9v19h-9zM11 18.5h2",
  question:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.8M12 16.8h.01",
  recharge: "M13 2.5 5 13.5h6l-1 8 8-11h-6z",
  refund: "M4 9h11a4.5 4.5 0 0 1 0 9H8M8 5 4 9l4 4",
  send: "M12 20V5M5.5 11 12 4.5 18.5 11",
  shield: "M12 3l7.5 2.8v5.7c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V5.8zM8.8 12l2.3 2.3 4.3-4.5",
  ticket: "M3.5 7h17v3.3a1.8 1.8 0 0 0 0 3.4V17h-17v-3.3a1.8 1.8 0 0 0 0-3.4zM14 7v10",
  tool: "M14.5 6.5a4.5 4.5 0 0 1 5.7-1l-2.7 2.7 1.8 1.8L22 7.3a4.5 4.5 0 0 1-6 5.4L8.5 20.2a2 2 0 0 1-2.8-2.8l7.5-7.4a4.5 4.5 0 0 1 1.3-3.5",
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
  if (icon in PATHS) return <Icon name={icon as IconName} />;
  if (icon !== "" && [...icon].length <= 3 && /[^\w\s]/.test(icon))
    return <span aria-hidden="true">{icon}</span>;
  return <Icon name="question" />;
}
