/**
 * An instant as it is told beside the talk: the time of day for today, the day and the time for anything older.
 */
import { dayAndTime } from "../../words/telling";
import { useWords } from "../../words/words";

export function useMoment(now: number): (at: string) => string {
  const { t, locale } = useWords();
  return (at) => dayAndTime(locale, t, at, now);
}
