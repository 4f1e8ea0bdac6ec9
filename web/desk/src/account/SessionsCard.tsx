/**
 * Where one is signed in: device, address, since when; the others can be ended.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Loading, sentence, Trouble } from "../frame/States";
import { ZoneNote } from "../frame/ZoneNote";
import { get, remove } from "../server/http";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import css from "./AccountPage.module.css";
import { deviceOf } from "./device";

interface Session {
  id: string;
  address: string;
  user_agent: string;
  created_at: string;
  seen_at: string;
  current: boolean;
}

export function SessionsCard() {
  const { t } = useWords();
  const sessions = useQuery({
    queryKey: ["account", "sessions"],
    queryFn: () => get<Session[]>("/staff/sessions"),
  });
  const end = useEnd();
  const others = sessions.data?.filter((one) => !one.current) ?? [];
  return (
    <section className={css.card} aria-labelledby="account-sessions">
      <div className={css.row}>
        <h2 id="account-sessions">{t("sessions.title")}</h2>
        {others.length > 0 && (
          <Button onClick={() => end.mutate("")} loading={end.isPending}>
            {t("sessions.end_others")}
          </Button>
        )}
      </div>
      <ZoneNote />
      {sessions.isPending && <Loading />}
      {sessions.isError && <Trouble error={sessions.error} again={() => void sessions.refetch()} />}
      <ul className={css.sessions}>
        {sessions.data?.map((one) => (
          <Line key={one.id} session={one} end={() => end.mutate(one.id)} />
        ))}
      </ul>
    </section>
  );
}

function Line({ session, end }: { session: Session; end(): void }) {
  const { t, locale } = useWords();
  const device = deviceOf(session.user_agent) || t("sessions.unknown");
  return (
    <li>
      <span>
        {device} {session.current && <b>{t("sessions.current")}</b>}
        <small>
          {t("sessions.line", {
            address: session.address,
            begun: fullTime(locale, session.created_at),
            seen: fullTime(locale, session.seen_at),
          })}
        </small>
      </span>
      {!session.current && (
        <Button type="text" danger onClick={end} aria-label={t("sessions.end_one", { name: device })}>
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}

function useEnd() {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(id ? `/staff/sessions/${id}` : "/staff/sessions"),
    onSuccess: () => void message.success(t("sessions.ended")),
    onError: (error) => void message.error(sentence(t, error)),
    onSettled: () => cache.invalidateQueries({ queryKey: ["account", "sessions"] }),
  });
}
