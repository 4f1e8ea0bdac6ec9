/** A queue number as people read it: like one drawn at a counter, not like a position. The server writes it the same. */
export function ticket(number: number): string {
  return `A${String(number).padStart(4, "0")}`;
}
