/** The place of the microphone beside a box; it is fetched only where one may speak, and is not missed anywhere else. */
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";

type Parts = typeof import("./voice_parts");

let fetched: Parts | null = null;

export function Voice({ app, heard }: { app: App; heard: (text: string) => void }) {
  const [parts, setParts] = useState(fetched);
  const wanted = app.store.state.voice.length > 0;
  useEffect(() => {
    if (!wanted || parts) return;
    import("./voice_parts").then(
      (came) => {
        fetched = came;
        setParts(came);
      },
      () => undefined,
    );
  }, [wanted]);
  return wanted && parts ? <parts.SpeakButton app={app} heard={heard} /> : null;
}
