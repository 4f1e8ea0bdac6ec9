/**
 * Asked once after a sign-in or a one-time code: does what was said as a visitor belong to the account?
 *
 * Only a yes joins them, and it can be taken back where the answer stands.
 */
import { useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import type { State } from "../model/state";
import { t } from "../words";
import { told } from "./proof_words";

export function JoinQuestion({ app, state }: { app: App; state: State }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const joined = state.standing?.joined ?? [];
  const last = joined[joined.length - 1];
  const attempt = async (verb: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await verb();
    } catch (error) {
      setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
    }
    setBusy(false);
  };
  if (!state.joining) {
    if (!last) return null;
    return (
      <p class="joined">
        <span>{told("join.done")}</span>
        <button
          type="button"
          class="small-action"
          disabled={busy}
          onClick={() => void attempt(() => app.identity.undo(last.id))}
        >
          {told("join.undo")}
        </button>
      </p>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="join" role="group" aria-labelledby="join-question">
      <p id="join-question">
        {told("join.question", { name: state.customer?.name || t("account.signed_in") })}
      </p>
      <p class="quiet">{told("join.hint")}</p>
      <p class="field-problem" role="alert">
        {problem}
      </p>
      <div class="pair">
        <button
          type="button"
          class="action quiet-action"
          disabled={busy}
          onClick={() => void attempt(() => app.identity.answer(false))}
        >
          {told("join.no")}
        </button>
        <button
          type="button"
          class="action"
          disabled={busy}
          onClick={() => void attempt(() => app.identity.answer(true))}
        >
          {told("join.yes")}
        </button>
      </div>
    </div>
  );
}
