/**
 * The menu above the field while something is typed behind a sign; the field keeps the focus and the keys.
 */
import { type ReactNode, useEffect, useRef } from "react";
import css from "./Suggestions.module.css";

export interface Suggestion {
  key: string;
  /** What one types, or a mark, in front. */
  lead: ReactNode;
  title: string;
  detail?: string;
  side?: ReactNode;
  choose(): void;
}

interface SuggestionsProps {
  id: string;
  label: string;
  items: Suggestion[];
  active: number;
  point(at: number): void;
  /** What stands there without any entry. */
  empty: string;
  footer?: ReactNode;
}

export const optionId = (id: string, at: number) => `${id}-${at}`;

export function Suggestions({ id, label, items, active, point, empty, footer }: SuggestionsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press anywhere in here must not take the focus from the field
    <div className={css.menu} onMouseDown={(event) => event.preventDefault()}>
      {items.length === 0 && <p className={css.empty}>{empty}</p>}
      <div ref={list} id={id} role="listbox" tabIndex={0} aria-label={label} className={css.list}>
        {items.map((item, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={item.key}
            id={optionId(id, at)}
            role="option"
            aria-selected={at === active}
            className={css.item}
            onPointerMove={() => at !== active && point(at)}
            onClick={item.choose}
          >
            <span className={css.lead}>{item.lead}</span>
            <span className={css.words}>
              <span className={css.title} dir="auto">
                {item.title}
              </span>
              {item.detail && (
                <span className={css.detail} dir="auto">
                  {item.detail}
                </span>
              )}
            </span>
            {item.side && <span className={css.side}>{item.side}</span>}
          </div>
        ))}
      </div>
      {footer && <div className={css.footer}>{footer}</div>}
    </div>
  );
}
