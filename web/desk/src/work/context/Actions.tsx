/**
 * What an agent can ask the shop to do with the order or one of its lines, and what became of it last time.
 *
 * Only what the server offers is a button; why something is not offered is said. What was done stands above the
 * buttons, told alike at every desk, so that nobody does it a second time unawares.
 */
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Icon } from "../../frame/Icon";
import { useNow } from "../../live/DeskLine";
import type { ActionOffer, ActionState, ContextView, ShopAction, ShopActionView } from "../../server/beside";
import { useWords, type WordKey } from "../../words/words";
import { type About, ActionDialog } from "./ActionDialog";
import css from "./Actions.module.css";
import { isNews, ownWhys, sharedWhys, type Why } from "./offering";
import { lastDone, lastOf } from "./record";
import { useTold } from "./Standing";
import { useMoment } from "./useMoment";

interface ActionsProps {
  id: string;
  view: ContextView;
  /** null: the order as a whole. */
  line: string | null;
  about: About;
  /** Further buttons. */
  children?: ReactNode;
}

export function Actions({ id, view, line, about, children }: ActionsProps) {
  const { t } = useWords();
  const [asking, ask] = useState<ActionOffer>();
  const [open, setOpen] = useState(false);
  const offers = view.offers?.filter((offer) => offer.line === line) ?? [];
  const ledger = view.actions?.filter((one) => one.line === line) ?? [];
  const free = offers.filter((offer) => !offer.why_not);
  const last = lastWords(ledger);
  const all = view.offers ?? [];
  const whys = [...(line === null ? sharedWhys(all) : []), ...ownWhys(all, line)].filter((one) =>
    isNews(one, last),
  );
  if (free.length + whys.length + last.length === 0 && !children) return null;
  return (
    <div className={css.actions}>
      {last.map((one) => (
        <Last key={one.id} last={one} />
      ))}
      <div className={css.buttons}>
        {free.map((offer) => (
          <Button
            key={offer.action}
            size="small"
            onClick={() => {
              ask(offer);
              setOpen(true);
            }}
          >
            {t(isAgain(ledger, offer) ? `act.again.${offer.action}` : `act.${offer.action}`)}
          </Button>
        ))}
        {children}
      </div>
      <Whys whys={whys} />
      {asking && (
        <ActionDialog
          key={`${asking.action} ${asking.round}`}
          id={id}
          offer={asking}
          about={about}
          ledger={ledger}
          open={open}
          close={() => setOpen(false)}
        />
      )}
    </div>
  );
}

const isAgain = (ledger: ShopActionView[], { action }: ActionOffer) => lastDone(ledger, action) !== undefined;

/** Of each action what was done last, and what was asked for since. */
function lastWords(ledger: ShopActionView[]): ShopActionView[] {
  const both = (["resend", "reissue", "refund"] as const).flatMap((action) => [
    lastDone(ledger, action),
    lastOf(ledger, action),
  ]);
  return [...new Set(both)].filter((one) => one !== undefined);
}

function Whys({ whys }: { whys: Why[] }) {
  const { t } = useWords();
  const told = useTold();
  return whys.map(({ why, actions }) => (
    <p key={why} className={css.why}>
      {t("act.why_not", {
        action: actions.map((action) => t(`act.${action}`)).join(t("list.separator")),
        why: told("why_not", why),
      })}
    </p>
  ));
}

/** How it stands with what was asked for last. */
function Last({ last }: { last: ShopActionView }) {
  const { t } = useWords();
  const sentence = useStanding();
  const good = last.state === "done" || last.state === "accepted";
  const waits = last.state === "asked";
  return (
    <p className={css.last} data-state={last.state} role="status">
      <Icon name={good ? "check" : waits ? "clock" : "warning"} /> <span>{sentence(last)}</span>
      {last.state === "refused" && last.text && <q>{last.text}</q>}
      {last.state === "unknown" && <span className={css.small}>{t("act.unknown.hint")}</span>}
    </p>
  );
}

const plain = (action: ShopAction): WordKey => `act.${action}`;
const PHRASES: Record<ActionState, (action: ShopAction) => WordKey> = {
  done: (action) => `act.past.${action}`,
  accepted: (action) => `act.noted.${action}`,
  asked: plain,
  unknown: plain,
  refused: plain,
  not_done: plain,
};

/** What became of an asking, in one sentence that names who and when. */
export function useStanding(): (one: ShopActionView) => string {
  const { t } = useWords();
  const moment = useMoment(useNow());
  return (one) => {
    const who = one.by === "customer" ? t("act.who.customer") : (one.by_name ?? t("act.who.agent"));
    return t(`act.is.${one.state}`, {
      time: moment(one.settled_at ?? one.asked_at),
      what: t(PHRASES[one.state](one.action)),
      who,
    });
  };
}
