/** Where the parcels of an order are: the newest line of each track, and all of it for whoever opens it. */
import type { OrderCard, Parcel } from "@mashang/protocol";
import { whenOf, word, wordOf } from "./order_words";

export function OrderParcels({ card, load }: { card: OrderCard; load: () => void }) {
  return (
    <>
      {card.shipments.map((one) => (
        <section key={one.number} class="order-part" aria-label={word("parcel", { number: one.number })}>
          <ParcelCard parcel={one} load={load} />
        </section>
      ))}
    </>
  );
}

function ParcelCard({ parcel, load }: { parcel: Parcel; load: () => void }) {
  const { number, carrier, state, events = [], reason } = parcel;
  const [newest] = events;
  return (
    <>
      <h3>
        {carrier} <span class="digits">{number}</span>
      </h3>
      {state && (
        <span class={`mark ${state === "problem" || state === "returning" ? "warn" : "ok"}`}>
          {wordOf(`parcel.${state}`)}
        </span>
      )}
      {newest && (
        <p dir="auto">
          {newest.place
            ? word("parcel_at", { when: whenOf(newest.at), place: newest.place })
            : whenOf(newest.at)}
          <span class="quiet order-block">{newest.text}</span>
        </p>
      )}
      {!newest && <p class="quiet">{word(reason === "asking" ? "parcel_asking" : "parcel_unknown")}</p>}
      {reason === "asking" && (
        <button type="button" class="small-action" onClick={load}>
          {word("look_again")}
        </button>
      )}
      {events.length > 1 && (
        <details class="order-track-more">
          <summary>{word("track", { count: events.length })}</summary>
          <ol class="order-track">
            {events.map((one) => (
              <li key={`${one.at} ${one.text}`} dir="auto">
                {one.text}
                <span class="quiet order-block">
                  <time dateTime={one.at}>{whenOf(one.at)}</time> {one.place}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
      {newest && <p class="quiet">{word("tracked_at", { when: whenOf(parcel.tracked_at) })}</p>}
    </>
  );
}
