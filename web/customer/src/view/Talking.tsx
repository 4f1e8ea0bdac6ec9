/**
 * The page of a conversation, which comes after the first page: whoever returns to one fetches both at once, whoever
 * begins one has it by then, for it is fetched at the first touch of the first page.
 */
import type { ComponentProps } from "preact";
import { useEffect, useState } from "preact/hooks";
import { speakOfTalks } from "../words";

type Page = typeof import("./ConversationPage");

let fetched: Page | null = null;

export async function fetchTalking(): Promise<void> {
  const [page] = await Promise.all([import("./ConversationPage"), speakOfTalks()]);
  fetched = page;
}

interface Props {
  page: ComponentProps<Page["ConversationPage"]>;
  key: string;
  /** While it comes, and when it cannot. */
  meanwhile: (retry: (() => void) | null) => preact.JSX.Element;
}

export function Talking({ page, meanwhile }: Props) {
  const [there, come] = useState(fetched !== null);
  const [failed, fail] = useState(false);
  const fetch = () => {
    fail(false);
    fetchTalking().then(
      () => come(true),
      () => fail(true),
    );
  };
  useEffect(() => {
    if (!there) fetch();
  }, []);
  if (!there || !fetched) return meanwhile(failed ? fetch : null);
  return <fetched.ConversationPage {...page} />;
}
