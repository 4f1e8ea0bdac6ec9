export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AckFrame
         * @description Stored.  `text` only when masking changed it.
         */
        AckFrame: {
            at: string;
            client_id: string;
            conversation: string;
            seq: number;
            /** @enum {unknown} */
            t: "ack";
            /** @default null */
            text?: string | null;
        };
        /**
         * AgentName
         * @description The agent who serves, as customers know them.
         */
        AgentName: {
            name: string;
        };
        /**
         * ArticleLink
         * @description The article whose words an answer is, by public id.
         */
        ArticleLink: {
            id: string;
            title: string;
        };
        /**
         * AssistantPart
         * @description What an entry of the assistant is beside its text, kept as `data["assistant"]`.
         *
         *         `answer`: the words of `article`, or `worded` from them by a model; `choices`: "did you mean", up to three and none
         *         of these, or one for each of several questions; `ask`: a question of a playbook, answered as `expects` says;
         *         `say`: anything else.  `order_number`: with `proof` of which order, and `needs` how much of it; with `choices` whose
         *         matters they are.
         */
        AssistantPart: {
            /** @default null */
            article?: components["schemas"]["ArticleLink"] | null;
            /** @default false */
            asks_helpful?: boolean;
            /** @default null */
            expects?: ("choice" | "order" | "picture" | "proof" | "text") | null;
            /** @enum {unknown} */
            kind: "answer" | "ask" | "choices" | "say";
            /** @default null */
            needs?: ("account" | "order" | "status") | null;
            /** @default [] */
            options?: components["schemas"]["Option"][];
            /** @default null */
            order_number?: string | null;
            /** @default false */
            worded?: boolean;
        };
        /**
         * Author
         * @description Who wrote it, as readers may know: public id and the name shown.
         */
        Author: {
            /** @default null */
            id?: string | null;
            /** @enum {unknown} */
            kind: "agent" | "assistant" | "customer" | "system";
            /** @default null */
            name?: string | null;
        };
        /**
         * BoardFrame
         * @description For those who watch: something on the board moved; whoever looks at it, look again.
         */
        BoardFrame: {
            /** @enum {unknown} */
            t: "board";
        };
        /**
         * CaughtUp
         * @description After a watch: everything up to `head` was sent.
         */
        CaughtUp: {
            conversation: string;
            head: number;
            /** @enum {unknown} */
            t: "caught_up";
        };
        /**
         * Choice
         * @description A button that a customer pressed: option `id` of the assistant's entry `seq`; kept as `data["choice"]`.
         */
        Choice: {
            id: string;
            seq: number;
        };
        /**
         * ClosedView
         * @description It is closed: what the operator says, perhaps nothing, when it opens next, if ever, and the shop's time zone.
         */
        ClosedView: {
            opens_at: string | null;
            text: string;
            zone: string;
        };
        /**
         * ColleagueFrame
         * @description A colleague is 'looking' at a conversation, 'writing' in it, or 'gone' from it.
         */
        ColleagueFrame: {
            conversation: string;
            doing: string;
            id: string;
            name: string;
            /** @enum {unknown} */
            t: "colleague";
        };
        /**
         * ContextFrame
         * @description What the shop knows is new: fetch it again.
         */
        ContextFrame: {
            conversation: string;
            /** @enum {unknown} */
            t: "context";
        };
        /**
         * Counters
         * @description What is open among what the agent may see; `offered` are offers to the agent.
         */
        Counters: {
            all: number;
            /** @default 0 */
            assisted?: number;
            mine: number;
            offered: number;
            /** @default 0 */
            snoozed?: number;
            waiting: number;
        };
        /**
         * EntryFrame
         * @description An entry; `entry.prev` ≠ the last number held means that something is missing.
         */
        EntryFrame: {
            conversation: string;
            entry: components["schemas"]["EntryView"];
            /** @enum {unknown} */
            t: "entry";
        };
        /**
         * EntryView
         * @description An entry as one audience sees it.
         */
        EntryView: {
            /** @default null */
            assistant?: components["schemas"]["AssistantPart"] | null;
            at: string;
            /** @enum {unknown} */
            audience: "everyone" | "staff";
            author: components["schemas"]["Author"];
            /** @default null */
            card?: Record<string, never> | null;
            /** @default null */
            choice?: components["schemas"]["Choice"] | null;
            /** @default null */
            client_id?: string | null;
            /** @default null */
            event?: Record<string, never> | null;
            /** @default null */
            file?: Record<string, never> | null;
            /** @enum {unknown} */
            kind: "event" | "file" | "text";
            /** @default [] */
            mentions?: {
                [key: string]: string;
            }[];
            prev: number;
            seq: number;
            /** @default  */
            text?: string;
        };
        /**
         * EstimateView
         * @description About how long: nine of ten wait no longer than `high_minutes`; 1 to 1 is less than a minute.
         *
         *         `word` says why it grew since it was told last: privileged, returned, fewer_agents or slower.
         */
        EstimateView: {
            high_minutes: number;
            low_minutes: number;
            /** @default null */
            word?: ("fewer_agents" | "privileged" | "returned" | "slower" | "unanswered") | null;
        };
        /**
         * Hello
         * @description The first frame, within five seconds.
         */
        Hello: {
            /** @default zh-CN */
            locale?: string;
            /** @default null */
            session?: string | null;
            /** @enum {unknown} */
            t: "hello";
            /** @default [] */
            watch?: components["schemas"]["Wanted"][];
        };
        /**
         * IncidentNotice
         * @description What a banner says; one that starts later is announced, one without an end is open-ended.
         */
        IncidentNotice: {
            ends_at: string | null;
            id: string;
            starts_at: string;
            text: string;
            title: string;
        };
        /**
         * IncidentsChangedFrame
         * @description One was opened, changed or ended: fetch them again, and what stands beside the conversations.
         */
        IncidentsChangedFrame: {
            /** @enum {unknown} */
            t: "incidents_changed";
        };
        /**
         * IncidentsFrame
         * @description All that the page shows from now on.
         */
        IncidentsFrame: {
            incidents: components["schemas"]["IncidentNotice"][];
            /** @enum {unknown} */
            t: "incidents";
        };
        /**
         * Last
         * @description The last message: when, one line of it (of a file its name), who wrote it ('' when nothing was said yet).
         *
         *         Until something is said, `entered` is the code it was opened with as it was typed or chosen.
         */
        Last: {
            at: string;
            author: string;
            /** @default null */
            entered?: string | null;
            /**
             * @default text
             * @enum {unknown}
             */
            kind?: "file" | "picture" | "text";
            preview: string;
        };
        /**
         * ListsFrame
         * @description Too much has changed: fetch the lists again.
         */
        ListsFrame: {
            /** @enum {unknown} */
            t: "lists";
        };
        /**
         * MeFrame
         * @description One's availability or rights were changed: fetch them again.
         */
        MeFrame: {
            /** @enum {unknown} */
            t: "me";
        };
        /**
         * MentionedFrame
         * @description A note of this conversation, written by `by`, names one: fetch what names one again.
         */
        MentionedFrame: {
            by: string;
            conversation: string;
            /** @enum {unknown} */
            t: "mentioned";
        };
        /**
         * Named
         * @description A department, site or agent by id and name.
         */
        Named: {
            id: string;
            name: string;
        };
        /**
         * OfferFrame
         * @description A customer for this agent, until `expires_at`; `seconds` are left.  `transfer` when a colleague sent it.
         */
        OfferFrame: {
            conversation: components["schemas"]["Row"];
            expires_at: string;
            seconds: number;
            /** @enum {unknown} */
            t: "offer";
            /** @default null */
            transfer?: components["schemas"]["Transferred"] | null;
        };
        /**
         * OfferGone
         * @description The offer has ended: 'accepted' | 'declined' | 'timed_out' | 'withdrawn'.
         */
        OfferGone: {
            conversation: string;
            reason: string;
            /** @enum {unknown} */
            t: "offer_gone";
        };
        /**
         * Option
         * @description A button below what the assistant wrote; its `id` comes back with the customer's answer.
         */
        Option: {
            id: string;
            label: string;
        };
        /**
         * Ping
         * @description Sign of life, every 15 seconds.
         */
        Ping: {
            /** @enum {unknown} */
            t: "ping";
        };
        /**
         * Pong
         * @description Answer to a ping.
         */
        Pong: {
            /** @enum {unknown} */
            t: "pong";
        };
        /**
         * Present
         * @description Of a desk: it has a conversation on the screen, somebody writes there (perhaps a note), or has left it.
         */
        Present: {
            conversation: string;
            /** @enum {unknown} */
            doing: "gone" | "looking" | "writing";
            /** @enum {unknown} */
            t: "present";
        };
        /**
         * Read
         * @description Everything up to `seq` was on the screen.
         */
        Read: {
            conversation: string;
            seq: number;
            /** @enum {unknown} */
            t: "read";
        };
        /**
         * ReadFrame
         * @description A side has read up to `seq`.
         */
        ReadFrame: {
            conversation: string;
            seq: number;
            /** @enum {unknown} */
            t: "read";
            who: string;
        };
        /**
         * ReadMarks
         * @description The last number each side has seen.
         */
        ReadMarks: {
            customer: number;
            staff: number;
        };
        /**
         * Refused
         * @description Understood and declined; the message is in the reader's language.
         */
        Refused: {
            /** @default null */
            client_id?: string | null;
            code: string;
            /** @default null */
            conversation?: string | null;
            /** @default {} */
            facts?: Record<string, never>;
            message: string;
            /** @enum {unknown} */
            t: "refused";
        };
        /**
         * Reload
         * @description Too much is missing for a socket: fetch the timeline over HTTP.
         */
        Reload: {
            conversation: string;
            head: number;
            /** @enum {unknown} */
            t: "reload";
        };
        /**
         * Row
         * @description One conversation in a list.  While it waits `number` is its 排队号, and the
         *         waiting are served in the order of `order_at`: when they came, less the head start of their priority.
         *         `is_message`: the customer left a message and does not wait there.  `affected`: the title of an incident that is on.
         *         `matter`: what somebody who waits is here for, in a line; the last words often say nothing of it.
         */
        Row: {
            /** @default null */
            affected?: string | null;
            agent: components["schemas"]["Named"] | null;
            customer: components["schemas"]["RowCustomer"];
            department: components["schemas"]["Named"];
            head: number;
            id: string;
            is_message: boolean;
            last: components["schemas"]["Last"];
            /** @default null */
            matter?: string | null;
            number: number | null;
            opened_at: string;
            order_at: string | null;
            order_number: string | null;
            queued_at: string | null;
            snoozed: boolean;
            snoozed_until: string | null;
            /** @enum {unknown} */
            status: "active" | "assisted" | "closed" | "waiting";
            topic: components["schemas"]["TopicName"] | null;
            unread: number;
        };
        /**
         * RowCustomer
         * @description Who asks; `label` is what to show: the name, or 访客 and four characters.
         *
         *         `order_proved`: a visitor who proved by four digits that the order this is about is theirs.
         */
        RowCustomer: {
            claim_masked: string | null;
            id: string;
            label: string;
            name: string;
            /** @default false */
            order_proved?: boolean;
            proved: boolean;
            tier: string;
        };
        /**
         * RowsFrame
         * @description Rows that are new or changed, ids one may have seen and may no longer, and the counters when they changed.
         */
        RowsFrame: {
            /** @default null */
            counters?: components["schemas"]["Counters"] | null;
            gone: string[];
            rows: unknown[];
            /** @enum {unknown} */
            t: "rows";
        };
        /**
         * Send
         * @description A message.  The same `client_id` again is the same message; `choice`: its text is a button's of the assistant.
         */
        Send: {
            /**
             * @default everyone
             * @enum {unknown}
             */
            audience?: "everyone" | "staff";
            /** @default null */
            choice?: components["schemas"]["Choice"] | null;
            client_id: string;
            conversation: string;
            /** @default null */
            file?: string | null;
            /** @default [] */
            mentions?: string[];
            /** @enum {unknown} */
            t: "send";
            /** @default null */
            text?: string | null;
        };
        /**
         * StateFrame
         * @description Status, queue place, agent, topic or reading marks are new.
         */
        StateFrame: {
            /** @default null */
            agent?: components["schemas"]["AgentName"] | null;
            conversation: string;
            department: components["schemas"]["Named"];
            /** @default null */
            place_until?: string | null;
            read: components["schemas"]["ReadMarks"];
            status: string;
            /** @enum {unknown} */
            t: "state";
            /** @default null */
            topic?: components["schemas"]["TopicName"] | null;
            /** @default null */
            waiting?: components["schemas"]["WaitingView"] | null;
        };
        /**
         * TopicName
         * @description The code a conversation is about; its name is the code's when the topic is gone.
         */
        TopicName: {
            code: string;
            name: string;
        };
        /**
         * TransferRefusedFrame
         * @description Whom one sent a conversation to will not have it: declined, timed_out or withdrawn; it waits for anybody.
         */
        TransferRefusedFrame: {
            agent: string;
            conversation: string;
            customer: string;
            reason: string;
            /** @enum {unknown} */
            t: "transfer_refused";
        };
        /**
         * Transferred
         * @description Who sent a conversation, and what they wrote for whoever answers.
         */
        Transferred: {
            by: string;
            note: string;
        };
        /**
         * Typing
         * @description Somebody is writing.
         */
        Typing: {
            conversation: string;
            /** @enum {unknown} */
            t: "typing";
        };
        /**
         * TypingFrame
         * @description The other side is writing.
         */
        TypingFrame: {
            conversation: string;
            /** @default null */
            name?: string | null;
            /** @enum {unknown} */
            t: "typing";
            who: string;
        };
        /**
         * Unwatch
         * @description Follow it no longer.
         */
        Unwatch: {
            conversation: string;
            /** @enum {unknown} */
            t: "unwatch";
        };
        /**
         * WaitingView
         * @description The queue number, how many are served before, how many agents are there at all, and, with any, how long.
         *
         *         `is_message`: a message was left, so place and time are nobody's concern.
         */
        WaitingView: {
            agents_online: number;
            ahead: number;
            /** @default null */
            closed?: components["schemas"]["ClosedView"] | null;
            /** @default null */
            estimate?: components["schemas"]["EstimateView"] | null;
            /** @default false */
            is_message?: boolean;
            number: number;
        };
        /**
         * Wanted
         * @description A conversation to watch, and the last number its reader holds.
         */
        Wanted: {
            /** @default 0 */
            after?: number;
            conversation: string;
        };
        /**
         * Watch
         * @description Follow a conversation from `after` on; also asks again after a gap.
         */
        Watch: {
            /** @default 0 */
            after?: number;
            conversation: string;
            /** @enum {unknown} */
            t: "watch";
        };
        /**
         * Welcome
         * @description The hello was accepted.
         */
        Welcome: {
            now: string;
            /** @enum {unknown} */
            t: "welcome";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
