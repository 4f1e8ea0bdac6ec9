/**
 * Conversations offered to me, on top of whatever page I am on, until I answer or time runs out.
 *
 * Rings once for each new offer. Never takes the focus: somebody may be typing.
 */
import { App, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { useShortcut } from "../keys/shortcuts";
import { useDesk, useTick } from "../live/DeskLine";
import type { Offer } from "../live/desk";
import { useStore } from "../live/store";
import { useWidth } from "../look/useWidth";
import { type Step, useStep } from "../server/queries";
import { gist } from "../words/telling";
import { useWords } from "../words/words";
import { alertOf } from "./alerts";
import { showMine } from "./list/ConversationList";
import { CodeChip, CustomerName, TierChip } from "./Marks";
import css from "./OfferCards.module.css";

export function OfferCards() {
  const { t } = useWords();
  const desk = useDesk();
  const offers = useStore(desk.offers);
  const up = useStore(desk.status) === "open"; // without a line no answer would arrive; what is still open is told again
  const now = useTick();
  useRing(offers);
  const open = offers
    .filter((offer) => up && offer.until > now - 1000)
    .sort((one, other) => one.until - other.until);
  const { shown, more, unfold } = useFolding(open);
  return (
    <section className={css.stack} aria-label={t("offer.region")} aria-live="assertive">
      {shown.map((offer, at) => (
        <OfferCard key={offer.row.id} offer={offer} now={now} first={at === 0} />
      ))}
      {more !== 0 && (
        <Button
          className={css.more}
          shape="round"
          icon={<Icon name={more > 0 ? "down" : "up"} />}
          onClick={unfold}
        >
          {more > 0 ? t("offer.more", { n: more }) : t("offer.fewer")}
        </Button>
      )}
    </section>
  );
}

/** Where there is room for one card only, the most urgent one stands for all until the others are asked for. */
function useFolding(open: Offer[]): { shown: Offer[]; more: number; unfold(): void } {
  const room = useWidth() === "wide" ? 3 : 1;
  const [unfolded, setUnfolded] = useState(false);
  const folds = open.length > room;
  if (unfolded && !folds) setUnfolded(false);
  return {
    shown: unfolded ? open : open.slice(0, room),
    more: folds ? (unfolded ? -1 : open.length - room) : 0,
    unfold: () => setUnfolded(!unfolded),
  };
}

function useRing(offers: Offer[]) {
  const { t } = useWords();
  const heard = useRef(new Set<string>());
  useEffect(() => {
    const fresh = offers.filter((offer) => !heard.current.has(offer.key));
    for (const offer of fresh) heard.current.add(offer.key);
    const [first] = fresh;
    if (!first) return;
    const title = first.transfer ? t("offer.transferred", { by: first.transfer.by }) : t("offer.title");
    const { customer, topic } = first.row;
    const about = [customer.label, topic?.name].filter(Boolean).join(" · ");
    alertOf(first.transfer ? "transfer" : "offer", title, about, () => {});
  }, [offers, t]);
}

/** The keys answer the most urgent one. */
function OfferCard({ offer, now, first }: { offer: Offer; now: number; first: boolean }) {
  const { t } = useWords();
  const { row } = offer;
  const left = Math.max(0, Math.ceil((offer.until - now) / 1000));
  const words = gist(t, row);
  const answer = useAnswer(row.id);
  useShortcut("accept", () => void answer.give("accept"), first && !answer.busy);
  useShortcut("decline", () => void answer.give("decline"), first && !answer.busy);
  return (
    <article className={css.card}>
      <header className={css.head}>
        <h2>{t("offer.title")}</h2>
        <span className={css.left} aria-hidden>
          <Icon name="clock" /> {t("time.seconds", { n: left })}
        </span>
      </header>
      <div className={css.bar} aria-hidden>
        <span style={{ width: `${Math.min(100, (left / offer.seconds) * 100)}%` }} />
      </div>
      <p className={css.who}>
        <CustomerName customer={row.customer} />
        <TierChip tier={row.customer.tier} />
      </p>
      <p className={css.about}>
        <CodeChip topic={row.topic} />
        <span className="one-line">{row.department.name}</span>
      </p>
      {row.is_message && (
        <p className={css.message}>
          <Icon name="mail" /> {t("offer.message")}
        </p>
      )}
      {offer.transfer && (
        <div className={css.sent}>
          <p>
            <Icon name="transfer" /> {t("offer.transferred", { by: offer.transfer.by })}
          </p>
          {offer.transfer.note && <p dir="auto">{offer.transfer.note}</p>}
        </div>
      )}
      {words && (
        <p className={css.preview} dir="auto">
          {words}
        </p>
      )}
      <footer className={css.answers}>
        <Button onClick={() => void answer.give("decline")} disabled={answer.busy}>
          {t("do.decline")}
        </Button>
        <Button type="primary" onClick={() => void answer.give("accept")} loading={answer.busy}>
          {t("do.accept")}
        </Button>
      </footer>
    </article>
  );
}

function useAnswer(id: string) {
  const { t } = useWords();
  const { message } = App.useApp();
  const desk = useDesk();
  const step = useStep();
  const [, go] = useLocation();
  // A promise, because the server's word that the offer is over may take this card away before the answer comes.
  const give = (answer: Step) =>
    step
      .mutateAsync({ id, step: answer })
      .then(
        () => {
          if (answer !== "accept") return;
          showMine();
          go(`/c/${id}`);
        },
        (error: unknown) => void message.error(sentence(t, error)),
      )
      .finally(() => desk.dismiss(id));
  return { give, busy: step.isPending };
}
