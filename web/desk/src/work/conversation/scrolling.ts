/**
 * Where the timeline stands: at its end it stays there, elsewhere nothing moves under the reader's eyes.
 */
import { useLayoutEffect, useRef, useState } from "react";

const NEAR = 48;

interface Extent {
  /** Number of the oldest and of the newest entry shown. */
  first: number;
  last: number;
  /** How many of one's own messages are on their way: writing goes to the end. */
  own: number;
  more: (() => void) | undefined;
  /** Somebody came for an entry that stands elsewhere. */
  elsewhere: boolean;
}

export function useScroll({ first, last, own, more, elsewhere }: Extent) {
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(!elsewhere);
  const before = useRef({ first, last, own, height: 0 });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const was = before.current;
    const olderCame = first < was.first;
    if (olderCame) element.scrollTop += element.scrollHeight - was.height;
    else if (atEnd || own > was.own || was.height === 0) element.scrollTop = element.scrollHeight;
    before.current = { first, last, own, height: element.scrollHeight };
  }, [first, last, own, atEnd]);

  useStayWhileGrowing(box, atEnd);
  return {
    box,
    atEnd,
    moved: () => {
      const element = box.current;
      if (!element) return;
      setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR);
      before.current.height = element.scrollHeight;
      if (element.scrollTop < NEAR) more?.();
    },
    toEnd: () => {
      const element = box.current;
      if (element) element.scrollTop = element.scrollHeight;
    },
  };
}

/** Pictures arrive and the window changes: the end stays the end. */
function useStayWhileGrowing(box: React.RefObject<HTMLDivElement | null>, atEnd: boolean) {
  useLayoutEffect(() => {
    const element = box.current;
    const inner = element?.firstElementChild;
    if (!element || !inner || !atEnd) return;
    const watcher = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    watcher.observe(inner);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [box, atEnd]);
}
