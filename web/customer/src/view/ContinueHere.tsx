/** Whoever followed a link is told first as whom they would go on; only their yes uses it up. */
import type { ContinuedAs } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { fill } from "../model/linked";
import type { Followed } from "../model/state";
import { t } from "../words";
import { Icon } from "./Icon";
import { more } from "./more_words";

export function ContinueHere({ app, followed }: { app: App; followed: Followed }) {
  const [as, setAs] = useState<ContinuedAs | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const failed = (error: Error) => {
    setBusy(false);
    setOver(error instanceof Refused && error.status === 410);
    setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
  };
  const look = () => {
    setProblem(null);
    app.api.lookAtLink(followed.secret).then(setAs, failed);
  };
  useEffect(look, [followed]);
  useEffect(() => title.current?.focus(), [as]);
  const go = () => {
    setBusy(true);
    setProblem(null);
    const { code } = followed;
    app.follow(followed).then(() => {
      if (code) fill(app, { text: code, medium: "link" });
    }, failed);
  };
  return (
    <main class="curtain continue-here">
      <Icon name="headset" size={40} />
      {as && !over && (
        <>
          <h1 ref={title} tabIndex={-1}>
            {more("continue.title", { shop: as.title })}
          </h1>
          <p>{more("continue.as", { name: nameOf(as) })}</p>
          <p class="quiet">{more("continue.caution")}</p>
          {app.isSomebody && <p class="quiet">{more("continue.replaces")}</p>}
        </>
      )}
      {!as && !problem && <p role="status">{more("more.loading")}</p>}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="pair">
        <button type="button" class="action quiet-action" onClick={() => app.startAlone()}>
          {more("continue.not_now")}
        </button>
        {as && !over ? (
          <button type="button" class="action" disabled={busy} onClick={go}>
            {more("continue.go")}
          </button>
        ) : (
          problem &&
          !over && (
            <button type="button" class="action" onClick={look}>
              {t("retry")}
            </button>
          )
        )}
      </div>
    </main>
  );
}

function nameOf({ customer }: ContinuedAs): string {
  if (customer.name) return customer.name;
  return customer.claim_masked ? `${t("account.visitor")} ${customer.claim_masked}` : t("account.visitor");
}
