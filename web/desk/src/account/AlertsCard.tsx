/**
 * How one wants to be called: sound and how loud, notifications of the browser, what for, and quiet hours.
 *
 * Every change is kept at once and follows one to other computers.
 */
import { App, Button, Checkbox, Slider, Switch } from "antd";
import { useId, useState } from "react";
import { Loading, sentence, Trouble } from "../frame/States";
import { ZoneNote } from "../frame/ZoneNote";
import { useWords } from "../words/words";
import { type AlertKind, type Alerts, useAlerts, useChooseAlerts } from "../work/alerts";
import { sound } from "../work/sound";
import css from "./AccountPage.module.css";
import own from "./AlertsCard.module.css";

const KINDS: AlertKind[] = ["offer", "transfer", "mention", "message"];

export function AlertsCard() {
  const { t } = useWords();
  const { message } = App.useApp();
  const alerts = useAlerts();
  const choose = useChooseAlerts();
  const change = (part: Partial<Alerts>) =>
    alerts.data &&
    choose.mutate(
      { ...alerts.data, ...part },
      { onError: (error) => void message.error(sentence(t, error)) },
    );
  return (
    <section className={css.card} aria-labelledby="account-alerts">
      <h2 id="account-alerts">{t("alerts.title")}</h2>
      <p>{t("alerts.hint")}</p>
      {alerts.isPending && <Loading />}
      {alerts.isError && <Trouble error={alerts.error} again={() => void alerts.refetch()} />}
      {alerts.data && <Choices alerts={alerts.data} change={change} />}
    </section>
  );
}

interface ChoicesProps {
  alerts: Alerts;
  change(part: Partial<Alerts>): void;
}

function Choices({ alerts, change }: ChoicesProps) {
  const { t } = useWords();
  const id = useId();
  return (
    <div className={own.choices}>
      <div className={css.row}>
        <span id={`${id}-sound`}>{t("alerts.sound")}</span>
        <Switch
          aria-labelledby={`${id}-sound`}
          checked={alerts.sound}
          onChange={(on) => change({ sound: on })}
        />
      </div>
      <div className={css.row}>
        <span id={`${id}-volume`}>{t("alerts.volume")}</span>
        <Slider
          key={alerts.volume}
          className={own.slider}
          ariaLabelledByForHandle={`${id}-volume`}
          disabled={!alerts.sound}
          defaultValue={alerts.volume}
          step={5}
          onChangeComplete={(volume) => {
            sound.ring("twice", volume / 100);
            change({ volume });
          }}
        />
      </div>
      <Notifying alerts={alerts} change={change} />
      <fieldset className={own.kinds}>
        <legend>{t("alerts.kinds")}</legend>
        {KINDS.map((kind) => (
          <Checkbox
            key={kind}
            checked={alerts[kind]}
            onChange={(event) => change({ [kind]: event.target.checked })}
          >
            {t(`alerts.kind.${kind}`)}
          </Checkbox>
        ))}
      </fieldset>
      <QuietHours key={`${alerts.quiet_from} ${alerts.quiet_until}`} alerts={alerts} change={change} />
    </div>
  );
}

/** The browser is asked for leave by this switch and by nothing else. */
function Notifying({ alerts, change }: ChoicesProps) {
  const { t } = useWords();
  const id = useId();
  const [refused, setRefused] = useState(false);
  const can = "Notification" in window && window.isSecureContext;
  const turn = async (on: boolean) => {
    const permitted = !on || (await Notification.requestPermission()) === "granted";
    setRefused(!permitted);
    if (permitted) change({ notify: on });
  };
  return (
    <div>
      <div className={css.row}>
        <span id={id}>{t("alerts.notify")}</span>
        <Switch
          aria-labelledby={id}
          disabled={!can}
          checked={can && alerts.notify && Notification.permission === "granted"}
          onChange={(on) => void turn(on)}
        />
      </div>
      {!can && <p className={own.note}>{t("alerts.notify.impossible")}</p>}
      {refused && (
        <p className={own.note} role="alert">
          {t("alerts.notify.refused")}
        </p>
      )}
    </div>
  );
}

function QuietHours({ alerts, change }: ChoicesProps) {
  const { t } = useWords();
  const id = useId();
  const [from, setFrom] = useState(alerts.quiet_from ?? "22:00");
  const [until, setUntil] = useState(alerts.quiet_until ?? "08:00");
  const on = alerts.quiet_from !== null;
  const moved = on && (from !== alerts.quiet_from || until !== alerts.quiet_until) && from && until;
  const keep = () => change({ quiet_from: from, quiet_until: until });
  return (
    <div>
      <div className={css.row}>
        <span id={id}>{t("alerts.quiet")}</span>
        <Switch
          aria-labelledby={id}
          checked={on}
          onChange={(wanted) => (wanted ? keep() : change({ quiet_from: null, quiet_until: null }))}
        />
      </div>
      {on && (
        <div className={own.times}>
          <input
            type="time"
            aria-label={t("alerts.quiet.from")}
            value={from}
            onChange={(e) => setFrom(e.target.value)}
          />
          <span aria-hidden>–</span>
          <input
            type="time"
            aria-label={t("alerts.quiet.until")}
            value={until}
            onChange={(e) => setUntil(e.target.value)}
          />
          {moved && <Button onClick={keep}>{t("do.save")}</Button>}
          <ZoneNote />
        </div>
      )}
    </div>
  );
}
