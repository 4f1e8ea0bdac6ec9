/**
 * Proof, by the type checker, that `wire.ts` says what the server's own description says.
 *
 * `npm run generate` writes `generated/` from the server's code; a test there fails when it is out of date. A field that the server requires and
 * we do not know, one that we read and the server does not send, or one of another type makes `npm run check` fail.
 * Ours may be narrower (a status is one of three words), never wider.
 *
 * Does not: run, or end up in any page.
 */
import type { components as frames } from "./generated/frames";
import type { components } from "./generated/openapi";
import type * as wire from "./wire";

type Server = components["schemas"];
type Frames = frames["schemas"];
type In<Kind extends string> = Extract<wire.CustomerFrameIn, { t: Kind }>;
type Out<Kind extends string> = Extract<wire.CustomerFrameOut, { t: Kind }>;

type Fits<Ours extends Theirs, Theirs> = [Exclude<keyof Ours, keyof Theirs>] extends [never] ? true : false;
type All<Answers extends readonly true[]> = Answers;

export type Proof = All<
  [
    Fits<wire.CustomerConversation, Server["CustomerConversation"]>,
    Fits<wire.Waiting, Server["WaitingView"]>,
    Fits<wire.ExpectedWait, Server["EstimateView"]>,
    Fits<wire.Customer, Server["CustomerView"]>,
    Fits<wire.SiteLook, Server["SiteLook"]>,
    Fits<wire.TopicButton, Server["TopicButton"]>,
    Fits<wire.CustomerSession, Server["SessionView"]>,
    Fits<wire.Incident, Server["IncidentNotice"]>,
    Fits<Omit<wire.HelpFound, "title" | "excerpt">, Omit<Server["HelpFound"], "title" | "excerpt">>,
    Fits<wire.HelpArticle, Server["HelpArticle"]>,
    Fits<wire.SessionRequest, Server["NewSession"]>,
    Fits<wire.ContinueLink, Server["ContinueLink"]>,
    Fits<wire.ContinuedAs, Server["ContinuedAs"]>,
    Fits<wire.Continued, Server["Continued"]>,
    Fits<wire.OpenConversation, Server["NewConversation"]>,
    Fits<wire.ProviderPayment, Server["ProviderPayment"]>,
    Fits<wire.OwnOrders, Server["OwnOrders"]>,
    Fits<wire.Parcel, Server["TrackedShipment"]>,
    Fits<wire.OrderAction, Server["ActionView"]>,
    Fits<wire.ActionOffer, Server["shops_offered_Offer"]>,
    Fits<Omit<wire.OrderCard, "shipments" | "actions">, Omit<Server["OrderCard"], "shipments" | "actions">>,
    Fits<wire.Attachment, Server["Attachment"]>,
    Fits<wire.FileAddress, Server["Address"]>,
    Fits<Omit<wire.Entry, "file" | "card">, Omit<Server["EntryView"], "file" | "card">>,
    Fits<Omit<wire.EntryPage, "entries">, Omit<Server["TimelinePage"], "entries">>,
    Fits<wire.Ack, Omit<Server["AckFrame"], "t">>,
    Fits<Omit<In<"entry">, "entry">, Omit<Frames["EntryFrame"], "entry">>,
    Fits<Omit<wire.Entry, "file" | "event" | "card">, Omit<Frames["EntryView"], "file" | "event" | "card">>,
    Fits<In<"welcome">, Frames["Welcome"]>,
    Fits<In<"caught_up">, Frames["CaughtUp"]>,
    Fits<In<"reload">, Frames["Reload"]>,
    Fits<In<"typing">, Frames["TypingFrame"]>,
    Fits<In<"read">, Frames["ReadFrame"]>,
    Fits<In<"pong">, Frames["Pong"]>,
    Fits<wire.StateFrame, Frames["StateFrame"]>,
    Fits<In<"context">, Frames["ContextFrame"]>,
    Fits<In<"incidents">, Frames["IncidentsFrame"]>,
    Fits<Out<"hello">, Frames["Hello"]>,
    Fits<Out<"watch">, Frames["Watch"]>,
    Fits<Out<"unwatch">, Frames["Unwatch"]>,
    Fits<Out<"send">, Frames["Send"]>,
    Fits<Out<"typing">, Frames["Typing"]>,
    Fits<Out<"read">, Frames["Read"]>,
    Fits<Out<"ping">, Frames["Ping"]>,
  ]
>;
