"""A minted code that somebody gave in a conversation: a claim, until its proved owner shows to be there.

For somebody who proved nothing a code with a right check character is *noted*, and that is
all: the table of codes is not asked, so what was noted is the same for a code that is good,
another's, expired, revoked or made up, in words, in statements and in time.  The staff see
"claimed, not verified".

Who is proved, before or afterwards, has the claims of the conversation compared: a code that
is theirs is verified, counts a use, and tells which order this is about.  Another's and one
that never was stay claims, by the same statement.  Of one that is theirs and has ended both
sides read that, and nothing more.

Does not: prove anything (`customers.proof`) or put the order's facts beside the talk
(`shops.context`).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec

from mashang.codes import minted, minting
from mashang.codes.code import Topic, fold
from mashang.codes.matching import LONGEST_TEXT
from mashang.codes.minted import Found
from mashang.codes.minting import MintedCode
from mashang.codes.topics import index
from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.customers import Customer
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.kit.sealing import Sealer

PURPOSE = "codes.claim"
_MOST = 20  # claims of one conversation


# In ordinary Chinese and English only letters and digits of ASCII are read as characters of a code; in whatever else
# may stand in a text (full width, circled, a unit in one sign) a character may be read as several.
_EXTRAORDINARY = re.compile("[^\0-\x7f\u2013-\u201d\u2026\u3001-\u301f\u4e00-\u9fff，。！？：；（）]")
_NO_CHARACTERS = bytes(each for each in range(128) if not chr(each).isalnum())


class Claim(msgspec.Struct, frozen=True):
    """A code as it was given; `minted_code_id` is what it proved to be."""

    code: str
    claimed_at: datetime
    verified_at: datetime | None
    minted_code_id: int | None


def may_hold_a_code(text: str) -> bool:
    """Asked of every message before any topic is: nearly all are too short, without a digit or a right check."""
    if len(text) < minted.LENGTH or len(text) > LONGEST_TEXT or _is_too_short(text):
        return False
    if not any(map(str.isnumeric, text)):
        return False
    return minted.minted_body(fold(text), lambda _code: True) is not None


def _is_too_short(text: str) -> bool:
    """Can no twelve characters be read in it, however they are parted?"""
    written = len(text.encode("ascii", "ignore").translate(None, _NO_CHARACTERS))
    return written < minted.LENGTH and _EXTRAORDINARY.search(text) is None


async def minted_in(tx: Tx, text: str) -> Found | None:
    """The first minted code in what was typed, behind a topic in use or alone."""
    if not may_hold_a_code(text):
        return None
    return minted.minted_body(fold(text), (await index(tx)).by_code.__contains__)


async def own(tx: Tx, sealer: Sealer, who: Customer, found: Found) -> MintedCode | None:
    """The code when it is this proved customer's; who proved nothing has none, and nothing is asked."""
    if not who.proved and not who.proved_orders:
        return None
    return await minting.owned(tx, sealer, found.body, who)


async def topic_of(tx: Tx, found: Found, theirs: MintedCode | None) -> Topic | None:
    """The topic that stands before the code, for everybody; else the code's own, for its proved owner."""
    topics = await index(tx)
    if found.topic_code:
        topic = topics.by_code.get(found.topic_code)
        return None if topic is None or topic.has_expired(clock.now()) else topic
    return next((topic for topic in topics.topics if theirs and topic.id == theirs.topic_id), None)


async def note(tx: Tx, sealer: Sealer, conversation_id: int, who: Customer, found: Found) -> MintedCode | None:
    """Write down that this code was given; verified at once for who is proved to own it.  What it then stands for."""
    code = minted.written(found.body, found.topic_code)
    is_new = await tx.run(
        """
        insert into code_claim (conversation_id, code_hash, sealed, topic_code)
        select %(id)s, %(hash)s, %(sealed)s, %(topic)s
        where (select count(*) from code_claim where conversation_id = %(id)s) < %(most)s
        on conflict do nothing
        """,
        {
            "id": conversation_id,
            "hash": minting.lookup_hash(sealer, found.body),
            "sealed": sealer.seal(found.body.encode(), PURPOSE),
            "topic": found.topic_code,
            "most": _MOST,
        },
    )
    if is_new:
        await timeline.append(tx, timeline.event(conversation_id, "code_noted", code=code))
    verified = await verify(tx, sealer, conversation_id, who)
    theirs = await own(tx, sealer, who, found) if is_new and not verified else None
    if theirs and theirs.state in ("expired", "used_up"):
        await timeline.append(tx, timeline.event(conversation_id, "code_over", code=theirs.code, state=theirs.state))
    return verified[0] if verified else None


async def verify(tx: Tx, sealer: Sealer, conversation_id: int, who: Customer) -> list[MintedCode]:
    """Compare the claims that are still open with what is this customer's; those that are, and are good now."""
    if not who.proved and not who.proved_orders:
        return []
    await conversations.lock(tx, conversation_id)  # of two at once one compares, so that a use counts once
    verified: list[MintedCode] = []
    for row in await tx.all(
        "select sealed from code_claim where conversation_id = %s and verified_at is null order by claimed_at",
        (conversation_id,),
    ):
        body = sealer.open(bytes(row["sealed"]), PURPOSE).decode()
        found = await minting.owned(tx, sealer, body, who)
        if found is None or found.state != "live" or not await minting.use(tx, found):
            continue
        await tx.run(
            "update code_claim set verified_at = app_now(), minted_code_id = %s"
            " where conversation_id = %s and code_hash = %s",
            (found.id, conversation_id, minting.lookup_hash(sealer, body)),
        )
        facts: dict[str, Any] = {"order_number": found.order_number} if found.order_number else {}
        await timeline.append(tx, timeline.event(conversation_id, "code_verified", code=found.code, **facts))
        verified.append(found)
    return verified


async def of_conversation(tx: Tx, sealer: Sealer, conversation_id: int) -> list[Claim]:
    """The codes given in this conversation, in the order in which they were."""
    rows = await tx.all(
        "select sealed, topic_code, claimed_at, verified_at, minted_code_id from code_claim"
        " where conversation_id = %s order by claimed_at",
        (conversation_id,),
    )
    return [
        Claim(
            minted.written(sealer.open(bytes(row["sealed"]), PURPOSE).decode(), row["topic_code"]),
            row["claimed_at"],
            row["verified_at"],
            row["minted_code_id"],
        )
        for row in rows
    ]
