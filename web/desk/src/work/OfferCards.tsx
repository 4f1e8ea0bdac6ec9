/**
 * Conversations offered to me, on top of whatever page I am on, until I answer or time runs out.
 *
 * Rings once for each new offer. Never takes the focus: somebody may be typing.
 */
import { App, Button } from "antd";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { useDesk, useNow } from "../live/DeskLine";
import type { Offer } from "../live/desk";
import { useStore } from "../live/store";
import { type Step, useStep } from "../server/queries";
import { useWords } from "../words/words";
import { shownList } from "./list/ConversationList";
import { CodeChip, CustomerName, TierChip } from "./Marks";
import css from "./OfferCards.module.css";
import { sound } from "./sound";

export function OfferCards() {
  const { t } = useWords();
  const offers = useStore(useDesk().offers);
  const now = useNow();
  useRing(offers);
  const open = offers.filter((offer) => offer.until > now - 1000);
  return (
    <section className={css.stack} aria-label={t("offer.region")} aria-live="assertive">
      {open.map((offer) => (
        <OfferCard key={offer.row.id} offer={offer} now={now} />
      ))}
    </section>
  );
}

function useRing(offers: Offer[]) {
  const heard = useRef(new Set<string>());
  useEffect(() => {
    const fresh = offers.filter((offer) => !heard.current.has(offer.key));
    for (const offer of fresh) heard.current.add(offer.key);
    if (fresh.length > 0) sound.ring();
  }, [offers]);
}

function OfferCard({ offer, now }: { offer: Offer; now: number }) {
  const { t } = useWords();
  const { row } = offer;
  const left = Math.max(0, Math.ceil((offer.until - now) / 1000));
  const answer = useAnswer(row.id);
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
      {row.last?.preview && <p className={css.preview}>{row.last.preview}</p>}
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
          shownList.set("mine");
          go(`/c/${id}`);
        },
        (error: unknown) => void message.error(sentence(t, error)),
      )
      .finally(() => desk.dismiss(id));
  return { give, busy: step.isPending };
}
