/**
 * Proof, by the type checker, that `wire.ts` says what the server's OpenAPI document says.
 *
 * `npm run generate` writes `generated/openapi.ts` from `generated/openapi.json`. A field that the server requires and
 * we do not know, one that we read and the server does not send, or one of another type makes `npm run check` fail.
 * Ours may be narrower (a status is one of three words), never wider.
 *
 * Does not: run, or end up in any page.
 */
import type { components } from "./generated/openapi";
import type * as wire from "./wire";

type Server = components["schemas"];

type Fits<Ours extends Theirs, Theirs> = [Exclude<keyof Ours, keyof Theirs>] extends [never] ? true : false;
type All<Answers extends readonly true[]> = Answers;

export type Proof = All<
  [
    Fits<wire.CustomerConversation, Server["CustomerConversation"]>,
    Fits<wire.Waiting, Server["WaitingView"]>,
    Fits<wire.Customer, Server["CustomerView"]>,
    Fits<wire.SiteLook, Server["SiteLook"]>,
    Fits<wire.TopicButton, Server["TopicButton"]>,
    Fits<wire.CustomerSession, Server["SessionView"]>,
    Fits<wire.SessionRequest, Server["NewSession"]>,
    Fits<wire.OpenConversation, Server["NewConversation"]>,
    Fits<wire.Attachment, Server["Attachment"]>,
    Fits<wire.FileAddress, Server["Address"]>,
    Fits<Omit<wire.Entry, "file">, Omit<Server["EntryView"], "file">>,
    Fits<Omit<wire.EntryPage, "entries">, Omit<Server["TimelinePage"], "entries">>,
    Fits<wire.Ack, Omit<Server["AckFrame"], "t">>,
  ]
>;
