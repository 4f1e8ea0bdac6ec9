/** An own message on its way: what it says, how far it is, and what to do when it was not taken. */
import type { LiveStatus } from "@mashang/protocol/live";
import { useState } from "preact/hooks";
import type { App } from "../model/app";
import type { Unsent } from "../model/state";
import { t } from "../words";
import { FileFace } from "./FileCard";

export function UnsentSaid({ app, message, line }: { app: App; message: Unsent; line: LiveStatus }) {
  const failed = message.state === "failed";
  return (
    <div class={`said mine opens unsent ${message.state} ${message.withdrawn ? "withdrawn" : ""}`}>
      <Body message={message} />
      {failed ? (
        <div class="failed-words" role="alert">
          <p>{message.reason ?? t("unsent.failed")}</p>
          <p class="failed-choices">
            {!message.hopeless && (
              <button type="button" class="small-action" onClick={() => app.outbox.retry(message.client_id)}>
                {t("unsent.retry")}
              </button>
            )}
            <Drop app={app} message={message} />
          </p>
        </div>
      ) : (
        <p class="under">
          {progress(message, line)}
          {waits(message, line) && <Drop app={app} message={message} />}
        </p>
      )}
    </div>
  );
}

function Drop({ app, message }: { app: App; message: Unsent }) {
  return (
    <button type="button" class="small-action" onClick={() => app.outbox.withdraw(message.client_id)}>
      {t("unsent.drop")}
    </button>
  );
}

/** It takes longer than a moment, so that one may think better of it. */
function waits(message: Unsent, line: LiveStatus): boolean {
  return !message.withdrawn && (message.state !== "sending" || line !== "open");
}

function Body({ message }: { message: Unsent }) {
  const [unreadable, setUnreadable] = useState(false);
  if (message.text !== undefined) {
    return (
      <div class="bubble" dir="auto">
        {message.text}
      </div>
    );
  }
  const { upload, file } = message;
  if (upload?.picture && upload.local && !unreadable) {
    const name = t("picture.alt", { name: upload.name });
    return <img class="picture-local" src={upload.local} alt={name} onError={() => setUnreadable(true)} />;
  }
  return <FileFace name={upload?.name ?? file?.name ?? ""} size={upload?.size ?? file?.size ?? 0} />;
}

function progress(message: Unsent, line: LiveStatus): string {
  if (message.withdrawn) return t("unsent.withdrawn");
  if (message.state === "waiting") return t("unsent.waiting");
  if (message.state !== "uploading") return line === "lost" ? t("unsent.waiting") : t("unsent.sending");
  const share = Math.round((message.upload?.share ?? 0) * 100);
  return t("unsent.uploading", { share });
}
