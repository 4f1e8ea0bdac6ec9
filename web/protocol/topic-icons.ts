/**
 * The drawings an operator can give a service code: one line style, 24 × 24, the same in the desk and the chat.
 *
 * What is stored is the name; a page that does not know a name draws its question mark.
 */
export const TOPIC_ICONS = {
  recharge: "M13 2.5 5 13.5h6l-1 8 8-11h-6z",
  card: "M3 6.5h18v11H3zM3 10.5h18M6.5 14.5h4",
  order: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
  tool: "M14.5 6.5a4.5 4.5 0 0 1 5.7-1l-2.7 2.7 1.8 1.8L22 7.3a4.5 4.5 0 0 1-6 5.4L8.5 20.2a2 2 0 0 1-2.8-2.8l7.5-7.4a4.5 4.5 0 0 1 1.3-3.5",
  refund: "M4 9h11a4.5 4.5 0 0 1 0 9H8M8 5 4 9l4 4",
  shield: "M12 3l7.5 2.8v5.7c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V5.8zM8.8 12l2.3 2.3 4.3-4.5",
  gift: "M4 11h16v9.5H4zM3 7.5h18V11H3zM12 7.5v13M12 7.5C9 7.5 7.5 6 8.2 4.5 9 3 11.5 4 12 7.5c.5-3.5 3-4.5 3.8-3 .7 1.5-.8 3-3.8 3Z",
  ticket: "M3.5 7h17v3.3a1.8 1.8 0 0 0 0 3.4V17h-17v-3.3a1.8 1.8 0 0 0 0-3.4zM14 7v10",
  game: "M7.5 8h9a4.5 4.5 0 0 1 4.3 5.8l-.8 2.7a2 2 0 0 1-3.5.6L15 15H9l-1.5 2.1a2 2 0 0 1-3.5-.6l-.8-2.7A4.5 4.5 0 0 1 7.5 8ZM8.5 10.5v3M7 12h3M15.5 12h.01",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20.5c.8-3.6 4-5.5 8-5.5s7.2 1.9 8 5.5",
  question:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.8M12 16.8h.01",
  headset:
    "M4 14v-2a8 8 0 0 1 16 0v2M4 14.5A1.5 1.5 0 0 1 5.5 13H7v5.5H5.5A1.5 1.5 0 0 1 4 17zM20 14.5a1.5 1.5 0 0 0-1.5-1.5H17v5.5h1.5A1.5 1.5 0 0 0 20 17zM19.5 18c0 2-2 3-5.5 3",
} as const;

export type TopicIconName = keyof typeof TOPIC_ICONS;
