/**
 * May customers speak instead of typing: the browser's recogniser, with what it means, and where recordings go.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Switch } from "antd";
import { Icon } from "../frame/Icon";
import { Loading, sentence, Trouble } from "../frame/States";
import { get, put } from "../server/http";
import { useWords } from "../words/words";
import part from "./Part.module.css";
import records from "./Records.module.css";
import css from "./VoicePage.module.css";

interface Voice {
  recogniser: boolean;
  host: string | null;
  model: string | null;
}

const KEY = ["admin", "voice"];

/** As they stand in the environment of the server, in every language. */
const SETTINGS =
  "MASHANG_VOICE_URL=https://…/v1/audio/transcriptions\nMASHANG_VOICE_MODEL=whisper-1\nMASHANG_VOICE_KEY=…";

export function VoicePage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const voice = useQuery({ queryKey: KEY, queryFn: () => get<Voice>("/admin/voice") });
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("voice.title")}</h1>
          <p>{t("voice.hint")}</p>
        </div>
      </header>
      {voice.isPending ? (
        <Loading />
      ) : voice.isError ? (
        <Trouble error={voice.error} again={() => void voice.refetch()} />
      ) : (
        <>
          <Now voice={voice.data} />
          <Recogniser voice={voice.data} editable={editable} />
          <Recording voice={voice.data} />
        </>
      )}
    </section>
  );
}

/** What customers see of it at this moment. */
function Now({ voice }: { voice: Voice }) {
  const { t } = useWords();
  const way = voice.recogniser ? (voice.host ? "both" : "recogniser") : voice.host ? "recording" : "none";
  return (
    <p className={css.now} role="status">
      <Icon name="info" /> {t(`voice.now.${way}`)}
    </p>
  );
}

function Recogniser({ voice, editable }: { voice: Voice; editable: boolean }) {
  const { t } = useWords();
  const keep = useKeep();
  return (
    <section className={part.part} aria-labelledby="voice-recogniser">
      <div className={part.head}>
        <h2 id="voice-recogniser">{t("voice.recogniser")}</h2>
        <Switch
          checked={voice.recogniser}
          disabled={!editable}
          loading={keep.isPending}
          aria-labelledby="voice-recogniser"
          aria-describedby="voice-warning"
          checkedChildren={t("voice.on")}
          unCheckedChildren={t("voice.off")}
          onChange={(recogniser) => keep.mutate(recogniser)}
        />
      </div>
      <p>{t("voice.recogniser.hint")}</p>
      <Alert id="voice-warning" type="warning" showIcon title={t("voice.recogniser.warning")} />
    </section>
  );
}

function Recording({ voice }: { voice: Voice }) {
  const { t } = useWords();
  return (
    <section className={part.part} aria-labelledby="voice-recording">
      <h2 id="voice-recording">{t("voice.recording")}</h2>
      <p>{t("voice.recording.hint")}</p>
      {voice.host ? (
        <dl className={part.facts}>
          <dt>{t("voice.recording.host")}</dt>
          <dd>{voice.host}</dd>
          <dt>{t("voice.recording.model")}</dt>
          <dd>{voice.model}</dd>
        </dl>
      ) : (
        <>
          <p>{t("voice.recording.how")}</p>
          <pre className={part.settings}>{SETTINGS}</pre>
        </>
      )}
    </section>
  );
}

function useKeep() {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (recogniser: boolean) => put<Voice>("/admin/voice", { recogniser }),
    onSuccess: (voice) => {
      cache.setQueryData(KEY, voice);
      void message.success(t(voice.recogniser ? "voice.kept.on" : "voice.kept.off"), 6);
    },
    onError: (error) => void message.error(sentence(t, error)),
  });
}
