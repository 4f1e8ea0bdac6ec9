"""One inbound message, told from top to bottom.

Every door (widget, phone page, e-mail, WeChat, QQ, telephone) builds an `Inbound`
and hands it to `begin`, or to `receive` where its conversation is known; nothing
else writes inbound messages.  Read this file first: it is the product in two verbs.

Does not: speak a vendor's protocol (`channels/`), decide who answers
(`routing/`), or push to browsers (`live/`, which hears of it after commit).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mashang import codes, routing
from mashang.codes import Expired, Matched, Person, Reference, Topic, declared
from mashang.codes.redemption import BY_HAND, Way
from mashang.conversations import affected, choosing, posting, timeline, unasked
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation, Opening
from mashang.conversations.entry import SYSTEM, Author, Choice, NewEntry
from mashang.conversations.writer import Posted, Writer
from mashang.customers import Customer, blocks, covering
from mashang.guard import masking, one_time
from mashang.guard.masking import Rules
from mashang.kit import clock, language
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid, Refusal
from mashang.kit.i18n import sentence
from mashang.kit.sealing import Sealer
from mashang.kit.text import printable, storable, undirected
from mashang.routing import assistance
from mashang.shops import context, site
from mashang.staff import assistant, departments

_CUE = "订单号 "
_WITHOUT_A_CODE = ("account", "order", "orders")  # what stands beside an order that nobody chose a topic for
_LONGEST_TYPED = 40  # of a code, in a timeline


class CodeUnknown(Refusal):
    """No topic has this code: `typed`."""

    status, code = 404, "code_unknown"


class CodeExpired(Refusal):
    """The time of this code is over: `code`, `name`, and the code to take `instead`, or ""."""

    status, code = 410, "code_expired"


class NoDepartment(Refusal):
    """The operator has not made a department yet: nobody could answer."""

    status, code = 409, "no_department"


Entrance = Literal["assistant", "code", "person"]


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer sent, whichever door it came through.

    `key` is the client's idempotency key: the same one again is the same message
    (or the same opening).  `code` was chosen, `text` was typed, `way` says how the code
    came otherwise; `order_number` is what the page says the matter is about and proves
    nothing.  `entrance` is where a consultation begins; `choice` the assistant's button that was pressed.
    """

    customer: Customer
    site_id: int
    key: str
    text: str = ""
    file: dict[str, Any] | None = None
    code: str | None = None
    way: Way = BY_HAND
    order_number: str | None = None
    page_url: str = ""
    page_title: str = ""
    channel: str = "web"
    locale: str = "zh-CN"
    entrance: Entrance = "person"
    choice: Choice | None = None


def author_of(customer: Customer) -> Author:
    """How a customer is named in a timeline."""
    return Author("customer", customer.public_id, customer.name or None)


async def begin(db: Database, sealer: Sealer, inbound: Inbound) -> Conversation:
    """Begin a conversation; with the same key again it is the one that began.

    Raises CustomerBlocked, CodeUnknown, CodeExpired, NoDepartment, Invalid, TooManyOpen.
    """
    blocks.demand_welcome(inbound.customer)
    rules = await declared.rules(db)
    async with db.transaction() as tx:
        return await _open(tx, sealer, inbound, rules)


async def receive(db: Database, writer: Writer, sealer: Sealer, conversation_id: int, inbound: Inbound) -> Posted:
    """Take a message into its conversation.

    Raises what `Writer.post` raises, CustomerBlocked, Invalid.
    """
    blocks.demand_welcome(inbound.customer)
    if inbound.choice:
        async with db.transaction() as tx:
            inbound = await _as_chosen(tx, conversation_id, inbound, inbound.choice)
    if not (undirected(inbound.text).strip() or inbound.file):
        raise Invalid(field="text", reason="empty")
    rules = await declared.rules(db)
    message = _message(inbound, conversation_id, rules)
    if one_time.is_bare(inbound.text):
        async with db.transaction() as tx:
            message = await _unless_asked(tx, inbound, await conversations.by_id(tx, conversation_id), message, rules)
    posted = await posting.post(db, writer, message, rules)
    if _hides_a_one_time_code(inbound, message):
        async with db.transaction() as tx:
            await unasked.warn(tx, conversation_id)
    if codes.may_hold_a_code(inbound.text):  # of a repetition too: the first may have been cut short before this
        async with db.transaction() as tx:
            await _note_code(tx, sealer, inbound, await conversations.by_id(tx, conversation_id))
    if codes.may_name_an_ended_code(inbound.text):
        async with db.transaction() as tx:
            await codes.explain(tx, conversation_id, inbound.text)
    if code := codes.named_in(inbound.text):
        async with db.transaction() as tx:
            await affected.meet(tx, await conversations.by_id(tx, conversation_id), code)
    return posted


async def _as_chosen(tx: Tx, conversation_id: int, inbound: Inbound, choice: Choice) -> Inbound:
    """What the button says; what was typed, where there is no such button."""
    conversation = await conversations.by_id(tx, conversation_id)
    label = await choosing.chosen(tx, conversation_id, choice, conversation.locale)
    if label is None:
        return msgspec.structs.replace(inbound, choice=None)
    return msgspec.structs.replace(inbound, text=label, file=None)


def _message(inbound: Inbound, conversation_id: int, rules: Rules) -> NewEntry:
    return NewEntry(
        conversation_id=conversation_id,
        author=author_of(inbound.customer),
        author_id=inbound.customer.id,
        kind="file" if inbound.file else "text",
        text=masking.mask(undirected(inbound.text), rules).text,
        data={"choice": msgspec.to_builtins(inbound.choice)} if inbound.choice else inbound.file,
        client_id=inbound.key,
    )


async def _unless_asked(
    tx: Tx, inbound: Inbound, conversation: Conversation, message: NewEntry, rules: Rules
) -> NewEntry:
    """Six digits are hidden unless they are a code of ours or somebody asked for them."""
    digits = one_time.digits_in(inbound.text)
    if digits in rules.codes or await unasked.were_asked_for(tx, conversation, inbound.customer, digits, inbound.key):
        return message
    return msgspec.structs.replace(message, text=masking.DOTS)


def _hides_a_one_time_code(inbound: Inbound, message: NewEntry) -> bool:
    return masking.DOTS in message.text and (one_time.is_bare(inbound.text) or bool(one_time.spans(inbound.text)))


async def _open(tx: Tx, sealer: Sealer, inbound: Inbound, rules: Rules) -> Conversation:
    if not storable(inbound.text):
        raise Invalid(field="text", reason="characters")
    named = await _named(tx, sealer, inbound)
    topic = named.topic if named else None
    conversation, is_new = await conversations.begin(tx, await _opening(tx, inbound, topic, rules))
    if not is_new:
        return conversation

    assisted = await _is_for_the_assistant(tx, inbound, topic)
    await timeline.append(tx, _opened(conversation, inbound, named, rules, assisted=assisted))
    if named:
        entered = inbound.code if named.how == "button" else inbound.text or inbound.code
        await codes.redeem(tx, conversation.id, named.topic, entered or "", named.how, way=inbound.way, rules=rules)
    said_it_all = codes.is_all_that_was_said(named, inbound.text) if named else codes.asks_for_a_person(inbound.text)
    if inbound.text.strip() and not said_it_all:
        await _say_first(tx, inbound, conversation, rules)
    if topic:
        await affected.meet(tx, conversation, topic.code)
    greeting = topic.greets(inbound.locale) if topic and not assisted else ""  # it announces a person
    if greeting:
        await timeline.append(tx, NewEntry(conversation_id=conversation.id, author=SYSTEM, text=greeting))

    if not named and codes.may_name_an_ended_code(inbound.text):
        await codes.explain(tx, conversation.id, inbound.text)

    number = await _note_code(tx, sealer, inbound, conversation)
    await context.begin(
        tx,
        conversation.id,
        inbound.customer,
        number,
        topic.context if topic else _WITHOUT_A_CODE if number else (),
        owner=await covering.owner_of(tx, inbound.customer, number),
    )
    if assisted:
        says_nothing = said_it_all or not inbound.text.strip()
        answers = topic.answers_with != "" if topic else False
        await _let_assist(tx, inbound, conversation, first=answers or (says_nothing and bool(topic or number)))
    else:
        need = routing.need_of(topic, inbound.customer, await site.vip_tiers(tx, inbound.site_id))
        await routing.place(tx, conversation.id, conversation.department_id, need)
        if await assistance.is_ready(tx):
            await assistance.stand_beside(tx, conversation.id)
    return await conversations.by_id(tx, conversation.id)


async def _is_for_the_assistant(tx: Tx, inbound: Inbound, topic: Topic | None) -> bool:
    """Chosen, or the code answers first; never against words that ask for a person."""
    asked = (inbound.text, inbound.code or "", topic.code if topic else "")
    if inbound.entrance == "person" or any(map(codes.asks_for_a_person, asked)):
        return False
    if inbound.entrance == "assistant":
        return await assistance.is_ready(tx)
    return topic is not None and topic.answers_with != "" and (await assistant.settings(tx)).is_on


async def _let_assist(tx: Tx, inbound: Inbound, conversation: Conversation, *, first: bool) -> None:
    """It says first what it is; the answers are `bot`'s, which speaks `first` of what needs no word of the customer."""
    await routing.assist(tx, conversation, answers_first=first)
    known, locale = await assistant.settings(tx), language.spoken(inbound.text) or inbound.locale
    name = known.called(locale)
    introduced = name if known.is_named else sentence("assistant_unnamed", locale)
    greeting = known.greets(locale) or sentence("assistant_greeting", locale)
    await timeline.append(
        tx,
        NewEntry(
            conversation_id=conversation.id,
            author=Author("assistant", name=name),
            text=sentence("assistant_first_words", locale, name=introduced, greeting=greeting),
            data={"assistant": {"kind": "say"}},
        ),
    )


async def _say_first(tx: Tx, inbound: Inbound, conversation: Conversation, rules: Rules) -> None:
    message = _message(inbound, conversation.id, rules)
    if one_time.is_bare(inbound.text):
        message = await _unless_asked(tx, inbound, conversation, message, rules)
    await timeline.append(tx, message)
    if _hides_a_one_time_code(inbound, message):
        await unasked.warn(tx, conversation.id)


async def _note_code(tx: Tx, sealer: Sealer, inbound: Inbound, conversation: Conversation) -> str | None:
    """Note a minted code in what was typed; the order this is about, which a code of the customer's own may tell."""
    found = await codes.minted_in(tx, inbound.code or "") or await codes.minted_in(tx, inbound.text)
    own = await codes.note(tx, sealer, conversation.id, inbound.customer, found) if found else None
    if own is None or own.order_number is None or conversation.order_number:
        return conversation.order_number
    await conversations.concern(tx, conversation.id, own.order_number)
    return own.order_number


async def _named(tx: Tx, sealer: Sealer, inbound: Inbound) -> Matched | None:
    """The topic the customer chose or typed; None: a person.  Raises CodeUnknown or CodeExpired of what was chosen."""
    index, now = await codes.index(tx), clock.now()
    found = await codes.minted_in(tx, inbound.code or inbound.text)
    if found:
        theirs = await codes.own(tx, sealer, inbound.customer, found)
        if topic := await codes.topic_of(tx, found, theirs):
            return Matched(topic, "in_text")
    typed = _meant(index.match(inbound.text, now))
    if inbound.code is None or found:
        return typed
    match index.match(inbound.code, now):
        case Matched(topic, how) if how != "in_text":
            if typed and typed.topic.code == topic.code:
                return typed  # found by what was typed, and chosen for the customer
            return Matched(topic, "button" if topic.code == inbound.code else how)
        case Person():
            return typed
        case Expired(topic, instead):
            raise CodeExpired(
                code=topic.code, name=topic.called(inbound.locale), instead=instead.code if instead else ""
            )
    raise CodeUnknown(typed=printable(inbound.code)[:_LONGEST_TYPED])


def _meant(answer: codes.Answer) -> Matched | None:
    match answer:
        case Matched():
            return answer
        case Reference(topic):
            return Matched(topic, "in_text")
    return None


async def _opening(tx: Tx, inbound: Inbound, topic: Topic | None, rules: Rules) -> Opening:
    department_id = topic.department_id if topic else await _first_department(tx)
    if not await departments.keep(tx, department_id):
        raise NoDepartment
    return Opening(
        site_id=inbound.site_id,
        customer_id=inbound.customer.id,
        department_id=department_id,
        opening_key=inbound.key,
        channel=inbound.channel,
        topic_code=topic.code if topic else None,
        order_number=_order_number(inbound, rules),
        page_url=masking.mask(inbound.page_url, rules).text,
        page_title=masking.mask(inbound.page_title, rules).text,
        locale=inbound.locale,
    )


def _order_number(inbound: Inbound, rules: Rules) -> str | None:
    """As the page says it.  Read behind its cue it is no bank card, whatever its digits; a card key it may be."""
    masked = masking.mask(_CUE + printable(inbound.order_number or "").strip(), rules).text
    return masked.removeprefix(_CUE)[:64] or None


async def _first_department(tx: Tx) -> int:
    first = await departments.without_code(tx)
    if first is None:
        raise NoDepartment
    return first


def _opened(
    conversation: Conversation, inbound: Inbound, named: Matched | None, rules: Rules, *, assisted: bool
) -> NewEntry:
    facts: dict[str, Any] = {"order_number": conversation.order_number} if conversation.order_number else {}
    if assisted:
        facts["assisted"] = True
    if named:
        topic = named.topic
        facts["topic"] = {"code": topic.code, "name": topic.name, "name_en": topic.name_en}
        if named.corrected:
            typed = masking.mask(printable(inbound.text or inbound.code or "").strip(), rules).text
            facts |= {"typed": typed[:_LONGEST_TYPED], "how": named.how}
        if inbound.way.medium:
            facts |= {"medium": inbound.way.medium, "scene": inbound.way.scene}
    return timeline.event(
        conversation.id, "opened", author=author_of(inbound.customer), author_id=inbound.customer.id, **facts
    )
