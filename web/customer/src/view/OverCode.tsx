/**
 * A code of one's own that was typed and is not good now: what it is, and renewed with one tap where it can be.
 */
import type { OwnCode } from "@mashang/protocol";
import { useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { t } from "../words";
import { told } from "./proof_words";

interface Props {
  app: App;
  own: OwnCode;
  /** Asks once more what was typed: renewed, it leads on. */
  again: () => Promise<void>;
}

export function OverCode({ app, own, again }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const renew = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const [renewal] = await app.identity.renew([own.id]);
      if (renewal?.outcome === "renewed") await again();
      else setProblem(told("over.not_renewed"));
    } catch (error) {
      setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
    }
    setBusy(false);
  };
  return (
    <>
      <p>{problem ?? sentenceOf(own)}</p>
      {own.renewable && (
        <button type="button" class="small-action" disabled={busy} onClick={() => void renew()}>
          {told("over.renew")}
        </button>
      )}
    </>
  );
}

function sentenceOf({ renewable, campaign }: OwnCode): string {
  if (renewable) return told("over.expired");
  return campaign ? told("over.campaign", { name: campaign }) : told("over.other");
}
