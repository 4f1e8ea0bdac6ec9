/** One attempt at a proof: busy while it lasts, and why the last one did not go through. */
import { useState } from "preact/hooks";
import { Refused } from "../model/api";
import { t } from "../words";

export function Problem({ text }: { text: string | null }) {
  return (
    <p class="field-problem" role="alert">
      {text}
    </p>
  );
}

/** One attempt at a time; without one, `before` says what is missing. */
export function useAttempt() {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = (verb: (() => Promise<unknown>) | null, before: string | null = null) => {
    setProblem(before);
    if (!verb) return;
    setBusy(true);
    verb()
      .catch((error: Error) => setProblem(error instanceof Refused ? error.message : t("start.unreachable")))
      .finally(() => setBusy(false));
  };
  return { problem, busy, attempt };
}
