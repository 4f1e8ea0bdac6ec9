/**
 * A week of opening times: several a day, past midnight too; a day without any is closed.
 */
import { Button, Form, Input } from "antd";
import { Icon } from "../frame/Icon";
import { clockTime, isClockTime } from "../words/clock";
import { useWords } from "../words/words";
import type { Interval, Week } from "./shapes";
import css from "./WeekField.module.css";

const MOST = 6;

export function WeekField({ name, label }: { name: string; label: string }) {
  const { t } = useWords();
  const whole = (_: unknown, week: Week) =>
    week.flat().every(({ opens, closes }) => isClockTime(opens) && isClockTime(closes))
      ? Promise.resolve()
      : Promise.reject(new Error(t("invalid.week")));
  return (
    <Form.Item name={name} label={label} rules={[{ validator: whole }]}>
      <Days />
    </Form.Item>
  );
}

function Days({ value: week = [], onChange }: { value?: Week; onChange?(week: Week): void }) {
  const { t } = useWords();
  const set = (day: number, intervals: Interval[]) =>
    onChange?.(week.map((one, index) => (index === day ? intervals : one)));
  return (
    <div className={css.week}>
      {week.map((intervals, day) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place in the week
        <Day key={day} day={day} intervals={intervals} set={(next) => set(day, next)} />
      ))}
      <Button type="link" onClick={() => onChange?.(week.map(() => week[0] ?? []))}>
        {t("hours.copy")}
      </Button>
    </div>
  );
}

interface DayProps {
  day: number;
  intervals: Interval[];
  set(intervals: Interval[]): void;
}

function Day({ day, intervals, set }: DayProps) {
  const { t } = useWords();
  const name = t(`day.${day as 0}`);
  const change = (place: number, part: Partial<Interval>) =>
    set(intervals.map((one, index) => (index === place ? { ...one, ...part } : one)));
  return (
    <div className={css.day}>
      <span className={css.name}>{name}</span>
      <div className={css.times}>
        {intervals.length === 0 && <span className={css.closed}>{t("hours.closed")}</span>}
        {intervals.map((one, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: times have no name but their place
          <div key={place} className={css.time}>
            <ClockTime
              value={one.opens}
              label={t("hours.opens", { day: name, n: place + 1 })}
              set={(opens) => change(place, { opens })}
            />
            <span aria-hidden>–</span>
            <ClockTime
              value={one.closes}
              label={t("hours.closes", { day: name, n: place + 1 })}
              set={(closes) => change(place, { closes })}
            />
            {one.closes <= one.opens && <span className={css.next}>{t("hours.next_day")}</span>}
            <Button
              type="text"
              icon={<Icon name="close" />}
              aria-label={t("hours.remove", { day: name, n: place + 1 })}
              onClick={() => set(intervals.filter((_, index) => index !== place))}
            />
          </div>
        ))}
      </div>
      <Button
        type="text"
        icon={<Icon name="plus" />}
        disabled={intervals.length >= MOST}
        aria-label={t("hours.add", { day: name })}
        onClick={() => set([...intervals, { opens: "09:00", closes: "18:00" }])}
      />
    </div>
  );
}

/** A time of day, as people type it: 9, 930, 18:30, with a colon of either kind. */
function ClockTime({ value, label, set }: { value: string; label: string; set(value: string): void }) {
  return (
    <Input
      value={value}
      aria-label={label}
      status={isClockTime(value) ? "" : "error"}
      inputMode="numeric"
      maxLength={5}
      placeholder="09:00"
      onChange={(event) => set(event.target.value)}
      onBlur={() => set(clockTime(value))}
    />
  );
}
