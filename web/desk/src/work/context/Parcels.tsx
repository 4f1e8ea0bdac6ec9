/**
 * The parcels of an order: where each is now, and on request its whole way.
 */
import { CopyButton } from "../../frame/CopyButton";
import { Icon } from "../../frame/Icon";
import { wordFor } from "../../frame/told";
import { useNow } from "../../live/DeskLine";
import type { OrderLine, TrackedShipment } from "../../server/beside";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./Parcels.module.css";
import { Standing, useTold } from "./Standing";
import { useMoment } from "./useMoment";

const STAND_OUT = new Set(["problem", "returning", "returned"]);

interface ParcelsProps {
  parcels: TrackedShipment[];
  lines: OrderLine[];
}

export function Parcels({ parcels, lines }: ParcelsProps) {
  const { t } = useWords();
  if (parcels.length === 0) return null;
  return (
    <section className={css.parcels} aria-label={t("parcel.title")}>
      <h4>{t("parcel.title")}</h4>
      <ul>
        {parcels.map((parcel) => (
          <Parcel key={`${parcel.carrier} ${parcel.number}`} parcel={parcel} lines={lines} />
        ))}
      </ul>
    </section>
  );
}

function Parcel({ parcel, lines }: { parcel: TrackedShipment; lines: OrderLine[] }) {
  const { t } = useWords();
  const told = useTold();
  const within = parcel.lines ?? [];
  const some = lines.length > within.length && within.length > 0;
  const products = lines.filter((line) => within.includes(line.id)).map((line) => line.product);
  return (
    <li className={css.parcel} data-problem={STAND_OUT.has(parcel.state ?? "")}>
      <p className={css.head}>
        <span className={css.carrier}>{parcel.carrier}</span>
        {parcel.state && <Standing state={parcel.state} text={told("parcel.state", parcel.state)} />}
      </p>
      <p className={css.number}>
        <code>{parcel.number}</code>
        <CopyButton text={parcel.number} label={t("parcel.copy")} />
      </p>
      {some && products.length > 0 && <p className={css.small}>{products.join(t("list.separator"))}</p>}
      <Track parcel={parcel} />
      <Tracked parcel={parcel} />
    </li>
  );
}

/** The newest event, and the way there behind it. */
function Track({ parcel }: { parcel: TrackedShipment }) {
  const { t } = useWords();
  const moment = useMoment(useNow());
  const [newest, ...before] = parcel.events ?? [];
  if (!newest) return null;
  return (
    <>
      <p className={css.newest}>
        {STAND_OUT.has(parcel.state ?? "") && <Icon name="warning" />} {newest.place && `${newest.place} · `}
        {newest.text} <span className={css.since}>{t("parcel.since", { time: moment(newest.at) })}</span>
      </p>
      {before.length > 0 && (
        <details className={css.track}>
          <summary>{t("parcel.track", { n: before.length })}</summary>
          <ol>
            {before.map((event, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a track may tell the same twice, and only grows in front
              <li key={`${event.at} ${place}`}>
                <time dateTime={event.at}>{moment(event.at)}</time>
                <span>
                  {event.place && `${event.place} · `}
                  {event.text}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

/** When it was asked for, and whom: what stands here may have moved on. */
function Tracked({ parcel }: { parcel: TrackedShipment }) {
  const { t, locale } = useWords();
  const moment = useMoment(useNow());
  if (!parcel.tracked_at) return null;
  const { source = "shop", reason } = parcel;
  const word = wordFor("parcel.source", source, undefined);
  return (
    <>
      {reason && <p className={css.small}>{t(wordFor("parcel.reason", reason, "parcel.reason.other"))}</p>}
      <p className={css.small} title={fullTime(locale, parcel.tracked_at)}>
        {t("parcel.tracked", { time: moment(parcel.tracked_at), source: word ? t(word) : source })}
      </p>
    </>
  );
}
