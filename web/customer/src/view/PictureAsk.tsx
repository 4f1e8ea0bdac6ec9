/** A question that a picture answers: the device's own chooser, for pictures only. */
import { useRef } from "preact/hooks";
import type { App } from "../model/app";
import { assisting } from "./assistant_words";
import { Icon } from "./Icon";

export function PictureAsk({ app, conversation }: { app: App; conversation: string }) {
  const picker = useRef<HTMLInputElement>(null);
  const send = (files: FileList | null) => {
    for (const file of Array.from(files ?? [])) app.outbox.sendFile(conversation, file);
  };
  return (
    <>
      <button type="button" class="option" onClick={() => picker.current?.click()}>
        <Icon name="attach" size={20} />
        {assisting("picture.choose")}
      </button>
      <input
        ref={picker}
        type="file"
        accept="image/*"
        hidden
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => send(event.currentTarget.files)}
      />
    </>
  );
}
