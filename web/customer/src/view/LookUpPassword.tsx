/**
 * An order and the password its buyer gave for looking it up.
 *
 * It is typed hidden, shown by a button, filled in and kept by no browser, and gone from the page with this form.
 */
import { useState } from "preact/hooks";
import type { App } from "../model/app";
import { Problem, useAttempt } from "./Attempt";
import { OrderNumber } from "./OrderNumber";
import { told } from "./proof_words";

export function LookUpPassword({ app, order, done }: { app: App; order: string; done: () => void }) {
  const [number, setNumber] = useState(order);
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const { problem, busy, attempt } = useAttempt();
  const submit = (event: Event) => {
    event.preventDefault();
    if (number.trim() === "" || password.trim() === "")
      return attempt(null, told("proof.look_up_password_empty"));
    attempt(async () => {
      await app.identity.lookUpPassword(number.trim(), password.trim());
      done();
    });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <p class="quiet">{told("proof.look_up_password_hint")}</p>
      <OrderNumber value={number} change={setNumber} />
      <div class="hidden-word">
        <label>
          <span>{told("proof.look_up_password")}</span>
          <input
            type={(shown ? "text" : "password") as "password"} // the types know no input that changes its own
            value={password}
            autoComplete="off"
            autoCapitalize="none"
            spellcheck={false}
            maxLength={64}
            data-1p-ignore
            data-lpignore="true"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <button type="button" class="small-action" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {told(shown ? "proof.hide" : "proof.show")}
        </button>
      </div>
      <Problem text={problem} />
      <button type="submit" class="action" disabled={busy}>
        {told("proof.go")}
      </button>
    </form>
  );
}
