/**
 * The calm way to prove who one is: an order with four digits or its look-up password, or a code the shop sends.
 *
 * What it is for is said before anything is asked, what each way opens too. A no gives no reason and keeps what was
 * typed; when a way is used up the other one, signing in and a person remain, and are named.
 */
import type { ProofWay } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { isProved } from "../model/identity";
import type { State } from "../model/state";
import { t } from "../words";
import { Problem, useAttempt } from "./Attempt";
import { Icon } from "./Icon";
import { useFocusBack } from "./inside";
import { LookUpPassword } from "./LookUpPassword";
import { OrderNumber } from "./OrderNumber";
import { told } from "./proof_words";

export function ProofSheet({ app, state }: { app: App; state: State }) {
  const ways = state.standing?.ways ?? [];
  const { order = "", whole } = state.proving ?? {};
  const more = whole || isProved(state, order); // by four digits, which prove no more the second time
  const [way, setWay] = useState<ProofWay | undefined>(ways.find((one) => !more || one !== "last_four"));
  const title = useRef<HTMLHeadingElement>(null);
  useFocusBack();
  useEffect(() => {
    title.current?.focus({ preventScroll: true });
    title.current?.closest("section")?.scrollIntoView({ block: "start" }); // it may be asked for from far below
  }, []);
  if (!state.proving) return null;
  const close = () => app.identity.leave();
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    <section class="proof" aria-labelledby="proof-title" onKeyDown={onKey}>
      <div class="proof-head">
        <h2 id="proof-title" ref={title} tabIndex={-1}>
          <Icon name="shield" size={20} />
          {told("proof.title")}
        </h2>
        <button type="button" class="round" onClick={close}>
          <Icon name="close" size={20} />
          <span class="hidden">{told("proof.close")}</span>
        </button>
      </div>
      {ways.length === 0 && <p class="quiet">{told("proof.none")}</p>}
      {ways.length > 1 && <Ways chosen={way} ways={ways} choose={setWay} />}
      {way === "last_four" && <LastFour app={app} order={state.proving.order} done={close} />}
      {way === "look_up_password" && <LookUpPassword app={app} order={state.proving.order} done={close} />}
      {way === "one_time_code" && <OneTimeCode app={app} done={close} />}
    </section>
  );
}

function Ways(props: { chosen: ProofWay | undefined; ways: ProofWay[]; choose: (way: ProofWay) => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="ways" role="group" aria-label={told("proof.ways")}>
      {props.ways.map((way) => (
        <button key={way} type="button" aria-pressed={way === props.chosen} onClick={() => props.choose(way)}>
          {told(`proof.way_${way}`)}
        </button>
      ))}
    </div>
  );
}

function LastFour({ app, order, done }: { app: App; order: string; done: () => void }) {
  const [number, setNumber] = useState(order);
  const [digits, setDigits] = useState("");
  const { problem, busy, attempt } = useAttempt();
  const submit = (event: Event) => {
    event.preventDefault();
    if (number.trim() === "" || digits.length !== 4) return attempt(null, told("proof.last_four_empty"));
    attempt(async () => {
      await app.identity.lastFour(number.trim(), digits);
      done();
    });
  };
  return (
    <form onSubmit={submit}>
      <p class="quiet">{told("proof.last_four_hint")}</p>
      <OrderNumber value={number} change={setNumber} />
      <label>
        <span>{told("proof.last_four")}</span>
        <input
          class="digits four"
          value={digits}
          inputMode="numeric"
          autoComplete="off"
          maxLength={4}
          onInput={(event) => setDigits(event.currentTarget.value.replace(/\D/g, ""))}
        />
      </label>
      <Problem text={problem} />
      <button type="submit" class="action" disabled={busy}>
        {told("proof.go")}
      </button>
    </form>
  );
}

function OneTimeCode({ app, done }: { app: App; done: () => void }) {
  const [account, setAccount] = useState("");
  const [sent, setSent] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const { problem, busy, attempt } = useAttempt();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (sent) field.current?.focus();
  }, [sent]);
  const submit = (event: Event) => {
    event.preventDefault();
    if (sent === null && account.trim() === "") return attempt(null, t("account.empty"));
    if (sent !== null && code.length < 4) return attempt(null, told("proof.code_empty"));
    attempt(async () => {
      if (sent === null) return setSent((await app.api.sendCode(account.trim())).id);
      await app.identity.code(sent, code);
      done();
    });
  };
  return (
    <form onSubmit={submit}>
      <p class="quiet">{told(sent === null ? "proof.code_hint" : "proof.code_sent")}</p>
      {sent === null ? (
        <label>
          <span>{t("account.label")}</span>
          <input
            value={account}
            autoComplete="username"
            spellcheck={false}
            onInput={(event) => setAccount(event.currentTarget.value)}
          />
        </label>
      ) : (
        <label>
          <span>{told("proof.code")}</span>
          <input
            class="digits four"
            ref={field}
            value={code}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={8}
            onInput={(event) => setCode(event.currentTarget.value.replace(/\D/g, ""))}
          />
        </label>
      )}
      <Problem text={problem} />
      <div class="proof-actions">
        {sent !== null && (
          <button type="button" class="small-action" onClick={() => setSent(null)}>
            {told("proof.another_code")}
          </button>
        )}
        <button type="submit" class="action" disabled={busy}>
          {told(sent === null ? "proof.send" : "proof.go")}
        </button>
      </div>
    </form>
  );
}
