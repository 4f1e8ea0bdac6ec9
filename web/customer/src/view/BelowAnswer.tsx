/**
 * What can be done with words of the assistant: read the whole article, choose, answer its question, say whether it helped.
 *
 * Whatever is pressed is sent as words, so that everybody reads it in the timeline. Once the customer has said anything
 * more, or somebody else serves them, nothing here can be pressed any more, and what was chosen is marked.
 */
import type { AssistantOption } from "@mashang/protocol";
import { t } from "../words";
import type { AssistingProps } from "./Assisting";
import { assisting } from "./assistant_words";
import { Icon } from "./Icon";
import { OrderAsk } from "./OrderAsk";
import { PictureAsk } from "./PictureAsk";

export function BelowAnswer({ app, conversation, seq, part, answer, status }: AssistingProps) {
  const waits = status === "waiting";
  const open = answer === null && (waits || status === "assisted");
  const { article, options = [], expects, worded } = part;
  const say = (text: string, id?: string) => {
    document.querySelector<HTMLElement>("main.timeline")?.focus({ preventScroll: true }); // the button goes
    app.outbox.sendText(conversation, text, id ? { seq, id } : undefined);
  };
  return (
    <>
      {article && worded && <p class="worded">{assisting("article.worded", { title: article.title })}</p>}
      {article && (
        <a class="article-link" href={`/help/${article.id}`} target="_blank" rel="noopener">
          <Icon name="file" size={18} />
          <span>{assisting("article.whole")}</span>
          <span class="hidden">{article.title}</span>
        </a>
      )}
      {open && expects === "picture" && <PictureAsk app={app} conversation={conversation} />}
      {open && expects === "proof" && (
        <button
          type="button"
          class="option"
          onClick={() =>
            app.identity.ask(
              part.order_number ?? app.talks.conversation(conversation)?.order_number ?? null,
              part.needs === "order" || part.needs === "account",
            )
          }
        >
          <Icon name="shield" size={20} />
          {t("proof.ask")}
        </button>
      )}
      {open && expects === "order" && <OrderAsk app={app} conversation={conversation} say={say} />}
      {options.length > 0 && <Options options={options} open={open} answer={answer} say={say} />}
      {open && part.asks_helpful && <Helpful waits={waits} say={say} />}
    </>
  );
}

type Say = (text: string, id?: string) => void;

interface OptionsProps {
  options: AssistantOption[];
  open: boolean;
  answer: string | null;
  say: Say;
}

function Options({ options, open, answer, say }: OptionsProps) {
  return (
    <ul class="options" aria-label={assisting("options.label")}>
      {options.map(({ id, label }) => (
        <li key={id} dir="auto">
          {open ? (
            <button type="button" class="option" onClick={() => say(label, id)}>
              {label}
            </button>
          ) : (
            <Rests label={label} chosen={label === answer} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Rests({ label, chosen }: { label: string; chosen: boolean }) {
  return (
    <span class={chosen ? "option rests chosen" : "option rests"}>
      {chosen && <Icon name="check" size={18} />}
      {chosen && <span class="hidden">{assisting("options.chosen")}</span>}
      {label}
    </span>
  );
}

/** Who waits for a person leaves the queue when it is solved: the button says so. */
function Helpful({ waits, say }: { waits: boolean; say: Say }) {
  const yes = assisting("helpful.yes");
  const no = assisting("helpful.no");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="helpful" role="group" aria-label={assisting("helpful.label")}>
      <button type="button" class="small-action" onClick={() => say(yes, "helpful")}>
        <Icon name="check" size={18} />
        {waits ? assisting("helpful.yes_waiting") : yes}
      </button>
      <button type="button" class="small-action" onClick={() => say(no, "not_helpful")}>
        {waits ? assisting("helpful.no_waiting") : no}
      </button>
    </div>
  );
}
