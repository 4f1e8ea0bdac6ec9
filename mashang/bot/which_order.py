"""Which order words are about: one they name, the one the talk was about until then, or one that has to be asked for.

A number counts where it stands as an order's does (a declared form, a cue beside it), where it is one of the orders
that the shop told of to the customer who proved the account, or where it has the form of the order that is talked
about.  Naming one proves nothing: whose it is, and what may be told of it, is found out when it is looked up.

Does not: look anything up at the shop, or begin anything (`answering`).
"""

from __future__ import annotations

import re
import unicodedata

from mashang.bot import said
from mashang.bot.playbook import Playbook
from mashang.conversations.conversation import Conversation
from mashang.guard.masking import Rules
from mashang.kit.db import Tx
from mashang.shops import context

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{5,63}")
_ALONE = re.compile(r"(?!1[3-9][0-9]{9}$)[A-Za-z]{0,6}[0-9]{8,32}")
_FIGURE = re.compile(r"\d")
_LONGEST = 500  # signs that are read


async def another(
    tx: Tx, conversation: Conversation, text: str, current: str | None, rules: Rules, *, by_form: bool = True
) -> str | None:
    """The first order's number in these words that is not the current one's; `by_form`: its form alone may tell it."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST])
    spans, _ = said.order_number(said.evened(plain), rules)
    of_form = [one for one in _NUMBER.findall(plain) if _FIGURE.search(one)]
    own = await _own(tx, conversation) if of_form else set()
    told = [plain[slice(*span)].rstrip("-") for span in spans]
    named = [*told, *(one for one in of_form if one in own or (by_form and current and _form(one) == _form(current)))]
    in_their_order = sorted(named, key=plain.index)
    return next((one for one in in_their_order if one.casefold() != (current or "").casefold()), None)


def alone(text: str) -> str | None:
    """The number that is all of these words, where it is as long as an order's and no mobile phone's."""
    plain = unicodedata.normalize("NFKC", text.strip())
    return plain if _ALONE.fullmatch(plain) else None


async def is_open(tx: Tx, conversation: Conversation, text: str, playbook: Playbook) -> bool:
    """Has to be asked for which order these words begin a further matter?

    Not where they point at the one that is talked about, nor where it is the only one there is.
    """
    words = said.first_that_fits(said.evened(text), "which_order")
    pointing = words.value if words else ""
    if pointing == "same":
        return False
    kinds, own = await context.kinds(tx, conversation.id), await _own(tx, conversation)
    if pointing == "another" or not playbook.fits(kinds):
        return True
    others = own - {conversation.order_number}
    if pointing == "further":
        return bool(others) or not own
    return bool(others) and not (kinds and playbook.order_kinds)


def is_the_same(text: str) -> bool:
    """Do these words point at the order that is talked about?"""
    words = said.first_that_fits(said.evened(text), "which_order")
    return words is not None and words.value == "same"


def is_further(text: str) -> bool:
    """Do these words announce something else?"""
    words = said.first_that_fits(said.evened(text), "which_order")
    return words is not None and words.value in ("another", "further")


async def _own(tx: Tx, conversation: Conversation) -> set[str]:
    """Numbers of the orders that the shop told of, which it does to a proved account alone."""
    seen = await context.view(tx, conversation.id)
    return {one.number for one in seen.orders} if seen else set()


def _form(number: str) -> str:
    return _FIGURE.sub("0", number).casefold()
