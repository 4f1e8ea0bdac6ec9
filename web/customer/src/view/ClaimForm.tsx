/** Where a visitor says as whom they are registered: a claim, and said to be one. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { t } from "../words";
import { more } from "./more_words";

export function ClaimForm({ app, done }: { app: App; done: () => void }) {
  const [value, setValue] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const save = async (event: Event) => {
    event.preventDefault();
    if (value.trim() === "") {
      setProblem(t("account.empty"));
      field.current?.focus();
      return;
    }
    setBusy(true);
    try {
      await app.claim(value.trim());
      done();
    } catch (error) {
      setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
      setBusy(false);
    }
  };
  return (
    <form class="claim" onSubmit={save}>
      <label for="claim">{t("account.label")}</label>
      <input
        id="claim"
        ref={field}
        value={value}
        autoComplete="username"
        aria-describedby="claim-hint claim-problem"
        aria-invalid={problem !== null}
        onInput={(event) => setValue(event.currentTarget.value)}
      />
      <p id="claim-problem" class="field-problem" role="alert">
        {problem}
      </p>
      <p id="claim-hint" class="quiet">
        {more("account.claim_hint")}
      </p>
      <div class="pair">
        <button type="button" class="action quiet-action" onClick={done}>
          {more("cancel")}
        </button>
        <button type="submit" class="action" disabled={busy}>
          {more("account.save")}
        </button>
      </div>
    </form>
  );
}
