/**
 * The help centre over the chat: search while typing, read an article, and go on to a person with the words.
 *
 * What nobody found is counted only when the search was sent; half a word is none.
 */
import type { CustomerConversation, HelpArticle, HelpFound, Marked } from "@mashang/protocol";
import type { ComponentChild } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { Seeking } from "../model/seeking";
import { t } from "../words";
import { more } from "./more_words";
import { Sheet } from "./Sheet";

const LONGEST = 200;

interface Props {
  app: App;
  /** From where it was opened; null: from the first page. */
  conversation: CustomerConversation | null;
  close: () => void;
}

export function HelpSheet({ app, conversation, close }: Props) {
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<HelpFound[] | null>(null);
  const [read, setRead] = useState<HelpArticle | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const say = (error: unknown) =>
    setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
  const [seeking] = useState(
    () =>
      new Seeking(app.api, {
        found: (came) => {
          setFound(came);
          setProblem(null);
        },
        opened: setRead,
        failed: say,
      }),
  );
  useEffect(() => () => seeking.leave(), [seeking]);
  const type = (words: string) => {
    setTyped(words);
    seeking.type(words);
  };
  const open = (id: string) => {
    setProblem(null);
    seeking.open(id);
  };
  const back = () => {
    seeking.leave();
    setRead(null);
  };
  const words = typed.trim();
  const person = async () => {
    const said = read ? more(words ? "help.read_and_ask" : "help.read", { title: read.title, words }) : words;
    setProblem(null);
    try {
      if (!conversation) await app.open("person", undefined, said);
      else if (said) app.outbox.sendText(conversation.id, said);
    } catch (error) {
      return say(error);
    }
    if (conversation?.status === "assisted") app.outbox.callPerson(conversation.id);
    close();
  };
  return (
    <Sheet title={more("help.title")} close={close}>
      {read ? (
        <Article article={read} open={open} back={back} />
      ) : (
        <Search typed={typed} type={type} search={() => seeking.send(typed)} found={found} open={open} />
      )}
      <p class="problem" role="alert" hidden={!problem}>
        {problem}
      </p>
      <div class="help-person">
        <button type="button" class="action" onClick={() => void person()}>
          {more("help.person")}
        </button>
        <a
          class="plain"
          href={`/help?lang=${app.store.state.locale}&site=${app.siteKey}`}
          target="_blank"
          rel="noopener"
        >
          {more("help.whole")}
        </a>
      </div>
    </Sheet>
  );
}

interface SearchProps {
  typed: string;
  type(words: string): void;
  search(): void;
  found: HelpFound[] | null;
  open(id: string): void;
}

function Search({ typed, type, search, found, open }: SearchProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // A finger has its keyboard when it taps the field, and sees the whole sheet before.
    if (window.matchMedia("(pointer: fine)").matches) field.current?.focus();
    else if (document.activeElement === document.body)
      document.getElementById("sheet-title")?.focus({ preventScroll: true }); // back from an article: that button went
  }, []);
  const send = (event: Event) => {
    event.preventDefault();
    search();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: the older browsers know no <search> */}
      <form role="search" class="help-search" onSubmit={send}>
        <input
          ref={field}
          type="search"
          enterkeyhint="search"
          maxLength={LONGEST}
          aria-label={more("help.search")}
          placeholder={more("help.placeholder")}
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <button type="submit" class="action quiet-action">
          {more("help.do")}
        </button>
      </form>
      <p class="quiet" role="status">
        {found &&
          typed.trim() &&
          (found.length ? more("help.found", { count: found.length }) : more("help.none"))}
      </p>
      {found && found.length > 0 && (
        <ul class="help-found">
          {found.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => open(one.id)}>
                <strong dir="auto">{marked(one.title)}</strong>
                <span dir="auto">{marked(one.excerpt)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const OURS = /^\/help\/([0-9A-Za-z]{1,32})(?:[?#].*)?$/;

interface ArticleProps {
  article: HelpArticle;
  open(id: string): void;
  back(): void;
}

function Article({ article, open, back }: ArticleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!body.current) return;
    body.current.innerHTML = article.html; // made safe by the server: its list of tags is the help centre's
    for (const link of Array.from(body.current.querySelectorAll("a"))) link.target = "_blank";
    heading.current?.focus();
  }, [article]);
  const follow = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    const another = OURS.exec(link?.getAttribute("href") ?? "");
    if (!another?.[1]) return;
    event.preventDefault();
    open(another[1]);
  };
  return (
    <>
      <button type="button" class="small-action" onClick={back}>
        {more("help.back")}
      </button>
      <article class="help-article" lang={article.locale}>
        <h3 ref={heading} tabIndex={-1}>
          {article.title}
        </h3>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links in it are pressed by key as any other */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
        <div ref={body} onClick={follow} />
      </article>
    </>
  );
}

function marked({ text, marks = [] }: Marked): ComponentChild[] {
  const parts: ComponentChild[] = [];
  let at = 0;
  for (const [begin, end] of marks) {
    parts.push(slice(text, at, begin), <mark>{slice(text, begin, end)}</mark>);
    at = end;
  }
  parts.push(slice(text, at));
  return parts;
}

/** The server counts characters, and JavaScript halves of some. */
const slice = (text: string, from: number, to?: number) => Array.from(text).slice(from, to).join("");
