/**
 * The pictures of a conversation shown large, one after the other, to zoom and turn; Escape leads back to where one was.
 *
 * Those that are held are walked through; addresses are asked for when the first one is opened.
 */
import type { Entry } from "@mashang/protocol";
import { Image } from "antd";
import { createContext, type ReactNode, useRef, useState } from "react";
import { useFileAddresses } from "../../server/files";

/** Shows a picture of the conversation large, by the id of its file. */
export const ShowPicture = createContext<(id: string) => void>(() => {});

export const picturesOf = (entries: Entry[]): string[] => [
  ...new Set(entries.flatMap(({ file }) => (file?.picture ? [file.id] : []))),
];

export function Lightbox({ pictures, children }: { pictures: string[]; children: ReactNode }) {
  const [shown, setShown] = useState<string | null>(null);
  const opener = useRef<Element | null>(null);
  const show = (id: string) => {
    opener.current = document.activeElement;
    setShown(id);
  };
  const close = () => {
    const back = opener.current;
    setShown(null);
    // When what was in front has gone, and no longer holds the focus.
    setTimeout(() => back instanceof HTMLElement && back.focus());
  };
  return (
    <ShowPicture.Provider value={show}>
      {children}
      {shown && (
        <Large
          // One that is still on its way stands in no list yet.
          pictures={pictures.includes(shown) ? pictures : [shown]}
          shown={shown}
          show={setShown}
          close={close}
        />
      )}
    </ShowPicture.Provider>
  );
}

interface LargeProps {
  pictures: string[];
  shown: string;
  show(id: string): void;
  close(): void;
}

function Large({ pictures, shown, show, close }: LargeProps) {
  const known = useFileAddresses(pictures);
  const at = known.findIndex(({ id }) => id === shown);
  if (at < 0) return null; // its address is on its way, or it was taken back
  return (
    <Image.PreviewGroup
      items={known.map(({ url }) => url)}
      preview={{
        open: true,
        current: at,
        onChange: (next) => show(known[next]?.id ?? shown),
        onOpenChange: (open) => !open && close(),
      }}
    />
  );
}
