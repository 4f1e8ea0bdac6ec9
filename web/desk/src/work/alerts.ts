/**
 * Calling somebody to the desk: a sound, and a notification of the browser when the desk is not in sight.
 *
 * How one wants to be called is kept by the server and follows one from computer to computer; whether this browser
 * makes sounds at all is turned on and off beside one's name (sound.ts). The browser asks for leave to notify only
 * when one presses for it.
 *
 * Does not: decide what is worth a call; whoever shows the offer, the message or the mention does.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Store } from "../live/store";
import { get, put } from "../server/http";
import { wall } from "../words/zone";
import { sound } from "./sound";

export type AlertKind = "offer" | "transfer" | "mention" | "message";

export interface Alerts extends Record<AlertKind, boolean> {
  sound: boolean;
  /** In hundredths. */
  volume: number;
  notify: boolean;
  quiet_from: string | null;
  quiet_until: string | null;
}

const FIRST: Alerts = {
  sound: true,
  volume: 60,
  notify: false,
  offer: true,
  transfer: true,
  mention: true,
  message: true,
  quiet_from: null,
  quiet_until: null,
};

const chosen = new Store<Alerts>(FIRST);
const KEY = ["alerts"] as const;

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** From one time of day to another, perhaps over midnight; the same twice is never. */
export function isQuiet({ quiet_from, quiet_until }: Alerts, at: Date): boolean {
  if (!quiet_from || !quiet_until) return false;
  const shown = wall(at);
  const now = shown.getUTCHours() * 60 + shown.getUTCMinutes();
  const [from, until] = [minutes(quiet_from), minutes(quiet_until)];
  return from <= until ? from <= now && now < until : now >= from || now < until;
}

export function calls(alerts: Alerts, kind: AlertKind, at: Date): boolean {
  return alerts[kind] && !isQuiet(alerts, at);
}

/** Calls, the way this person wants it; `open` when they press the notification. */
export function alertOf(kind: AlertKind, title: string, body: string, open: () => void): void {
  const alerts = chosen.get();
  if (!calls(alerts, kind, new Date())) return;
  if (alerts.sound) sound.ring(kind === "message" ? "once" : "twice", alerts.volume / 100);
  if (!alerts.notify || !document.hidden || !("Notification" in window)) return;
  if (Notification.permission !== "granted") return;
  const notification = new Notification(title, { body, tag: `${kind} ${title}` });
  notification.onclick = () => {
    window.focus();
    notification.close();
    open();
  };
}

export function useAlerts() {
  const query = useQuery({ queryKey: KEY, queryFn: () => get<Alerts>("/staff/alerts") });
  useEffect(() => {
    if (query.data) chosen.set(query.data);
  }, [query.data]);
  return query;
}

export function useChooseAlerts() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (alerts: Alerts) => put<Alerts>("/staff/alerts", alerts),
    onSuccess: (alerts) => cache.setQueryData(KEY, alerts),
  });
}
