/**
 * One's own code, taken along: to the phone as oneself, by a scan that is good once; or as the code's own link and
 * picture, to keep or to print. Whoever else opens that one hears what every stranger hears.
 */
import type { CodeLink } from "@mashang/protocol";
import { useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { t } from "../words";
import { Address, ContinueSheet } from "./ContinueSheet";
import { more } from "./more_words";

interface Props {
  app: App;
  order: string;
  code: string;
  close: () => void;
}

export function CodeSheet({ app, order, code, close }: Props) {
  return (
    <ContinueSheet app={app} conversation={null} code={code} times={0} close={close}>
      <OwnLink app={app} order={order} code={code} />
    </ContinueSheet>
  );
}

/** Asked for when it is wanted: two pictures at once, and a camera takes either. */
function OwnLink({ app, order, code }: Omit<Props, "close">) {
  const [link, setLink] = useState<CodeLink | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const show = () => {
    setProblem(null);
    app.api.orderLinks(order).then(
      (links) => {
        const own = links.find((one) => one.code === code);
        if (own) setLink(own);
        else setProblem(more("own_link.over"));
      },
      (error: Error) => setProblem(error instanceof Refused ? error.message : t("start.unreachable")),
    );
  };
  return (
    <section class="own-link" aria-labelledby="own-link">
      <h3 id="own-link">{more("own_link.title")}</h3>
      <p class="quiet">{more("own_link.hint")}</p>
      {link ? (
        <>
          <img class="continue-picture" src={link.picture} alt={more("own_link.picture", { code })} />
          <Address url={link.url} label={more("own_link.title")} />
        </>
      ) : (
        <button type="button" class="action quiet-action" onClick={show}>
          {more("own_link.show")}
        </button>
      )}
      <p class="problem" role="alert" hidden={!problem}>
        {problem}
      </p>
    </section>
  );
}
