/**
 * What the shop knows to be wrong now, above everything else; and what it offers, below.
 */
import type { ReactNode } from "react";
import { Icon } from "../../frame/Icon";
import type { Anomaly, Incident, Promotion } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./ContextPanel.module.css";
import own from "./Incidents.module.css";

interface AnomalyBannersProps {
  anomalies: (Anomaly | null | undefined)[];
}

/** Of the order it is about: as the order says, and as the shop told by itself. */
export function AnomalyBanners({ anomalies }: AnomalyBannersProps) {
  const { t, locale } = useWords();
  return anomalies.map(
    (anomaly) =>
      anomaly && (
        <Banner
          key={anomaly.kind ?? anomaly.text}
          level="bad"
          title={anomaly.text}
          label={t("incident.order")}
        >
          {anomaly.since && t("incident.since", { time: fullTime(locale, anomaly.since) })}
        </Banner>
      ),
  );
}

interface IncidentBannersProps {
  incidents: Incident[] | null | undefined;
}

export function IncidentBanners({ incidents }: IncidentBannersProps) {
  const { t, locale } = useWords();
  return (
    <>
      {incidents?.map((incident) => (
        <Banner key={incident.title} level="warn" title={incident.title} label={t("incident.shop")}>
          {incident.text}{" "}
          {incident.ends_at && t("incident.until", { time: fullTime(locale, incident.ends_at) })}
        </Banner>
      ))}
    </>
  );
}

interface BannerProps {
  level: "bad" | "warn";
  label: string;
  title: string;
  children: ReactNode;
}

function Banner({ level, label, title, children }: BannerProps) {
  return (
    <div className={own.banner} data-level={level} role="note">
      <Icon name={level === "bad" ? "alert" : "warning"} />
      <div>
        <span className={own.label}>{label}</span>
        <p className={own.title}>{title}</p>
        <p className={own.more}>{children}</p>
      </div>
    </div>
  );
}

export function PromotionList({ promotions }: { promotions: Promotion[] | null | undefined }) {
  const { t, locale } = useWords();
  if (!promotions?.length) return null;
  return (
    <section className={css.card}>
      <h3>{t("promotion.title")}</h3>
      <ul className={own.promotions}>
        {promotions.map((promotion) => (
          <li key={promotion.id}>
            <b>{promotion.title}</b>
            {promotion.text && <p>{promotion.text}</p>}
            {promotion.ends_at && (
              <p className={css.hint}>{t("incident.until", { time: fullTime(locale, promotion.ends_at) })}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
