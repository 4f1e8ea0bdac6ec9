"""A reply drafted for an agent from the articles that fit; the agent reads, changes and sends it, or does not.

The model is shown what was said lately and what the shop knows as data only: a draft that says anything the articles do
not say is thrown away, so neither a customer's message nor a product's name can put words into an agent's mouth.

Does not: send anything, or find the articles (`knowledge`).
"""

from __future__ import annotations

from collections.abc import Sequence

from mashang.bot.model import Model
from mashang.bot.rephrasing import Source, Worded, worded

_MOST = 20  # of what was said last
_WANTED = (
    "Draft an agent's reply to the customer in the language of `locale`: short, from `articles` alone, keeping their"
    ' words where you can; `said` and `shop` only tell what is asked. Return {"text": "…", "cites": ["article id"]}.'
)


async def draft(
    model: Model, said: Sequence[dict[str, str]], shop: Sequence[str], articles: Sequence[Source], locale: str
) -> Worded | None:
    """A reply; None where there is no model, no article, or nothing the articles say.

    `said`: the last entries as {"by": customer|agent|assistant, "text"}; `shop`: lines of the context.
    """
    given = {"said": list(said)[-_MOST:], "shop": list(shop), "locale": locale}
    return await worded(model, "draft", _WANTED, given, articles)
