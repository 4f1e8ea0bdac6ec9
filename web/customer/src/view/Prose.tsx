/**
 * Written text, with web addresses one can tap.
 *
 * An address opens outside of the chat and is not told where it was found. Its words are always the address itself,
 * so that nobody is led elsewhere than they read; a mark that turns the direction of writing ends it.
 */
import type { ComponentChild } from "preact";

const ADDRESS = /https?:\/\/[^\s<>"'\u200e\u200f\u202a-\u202e\u2066-\u2069\u3000-\u303f\uff00-\uffef]+/g;
const NOT_ITS_END = /[.,;:!?)\]}]+$/;

export function Prose({ text }: { text: string }) {
  const parts: ComponentChild[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(NOT_ITS_END, "");
    const at = found.index ?? 0;
    parts.push(text.slice(from, at), <Address address={address} />);
    from = at + address.length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}

function Address({ address }: { address: string }) {
  return (
    <a dir="ltr" href={address} target="_blank" rel="noopener noreferrer nofollow">
      {address}
    </a>
  );
}
