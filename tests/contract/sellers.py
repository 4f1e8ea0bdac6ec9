"""Every shop there is a connector for, as the test's own: what is true of it is known beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from mashang.kit import ids
from mashang.shops import adapters, contract
from mashang.shops.acting import ActionRequest, RevealRequest
from mashang.shops.connector import Connector
from mashang.shops.dujiaoka_rows import LINE, subject_of
from mashang.shops.http import HttpShop
from tests.dujiaoka import KEY, MORE, NUMBER, PASSWORD, Selling
from tests.selling import AZHEN, XIAOLIN, every_order

ANOTHER = "9ZZQH2KZW9XJ4M8P"


@dataclass
class Seller:
    """One shop behind its connector.

    `subject` owns `number` (delivered, its `keys` readable for no answer but one), `stranger` owns `theirs`.
    """

    kind: str
    connector: Connector
    subject: str
    number: str
    line: str
    keys: list[str]
    stranger: str
    theirs: str
    word: str  # finds `found`
    found: str
    right: dict[str, contract.ProofRequest]  # by what each proves
    wrong: dict[str, contract.ProofRequest]
    parcel_of: str = ""
    private: list[str] = field(default_factory=list)  # what no answer may hold

    async def can(self) -> set[str]:
        """What the set-up page says of it."""
        told = adapters.abilities(self.kind, await self.connector.capabilities())  # type: ignore[arg-type]  # a kind
        return {one.name for one in told if one.can}


def a_request(action: str, line: str | None, **changes: str) -> ActionRequest:
    """Asked once, with a key of its own."""
    asked = {
        "key": ids.secret()[:40],
        "action": action,
        "line": line,
        "asked_by": "agent",
        "reason": "没收到",
        **changes,
    }
    return ActionRequest(**asked)  # type: ignore[arg-type]  # words of the lists


@pytest.fixture
async def lime(connected: HttpShop) -> Seller:
    """The demo shop, which speaks the contract."""
    orders = await every_order(connected, XIAOLIN)
    number = [one.number for one in orders if "飞鱼" in one.title][-1]  # the oldest: bought two, opened
    theirs = [one.number for one in await every_order(connected, AZHEN) if one.status_text == "已发货"][-1]
    told = await connected.keys(number, RevealRequest(line=f"{number}-1", reason="核对", asked_by="小美"))
    assert told
    return Seller(
        kind="http",
        connector=connected,
        subject=XIAOLIN,
        number=number,
        line=f"{number}-1",
        keys=told.keys,
        stranger=AZHEN,
        theirs=theirs,
        word="话费",
        found="phone-50",
        right={
            "last_four": contract.LastFour(order_number=number, last_four="8567"),
            "one_time_code": contract.SendCode(account="xiaolin"),
            "look_up_password": contract.LookUpPassword(order_number=number, password=PASSWORD),
        },
        wrong={
            "last_four": contract.LastFour(order_number=number, last_four="0000"),
            "one_time_code": contract.SendCode(account="nobody-here"),
            "look_up_password": contract.LookUpPassword(order_number=number, password="another"),
        },
        parcel_of=theirs,
        private=["13800138567"],
    )


@pytest.fixture
async def cards_of(cards: Selling) -> Seller:
    """A dujiaoka shop, read from its database."""
    cards.sells(ANOTHER, search_pwd="another one", info="OTHER-KEYS-0000-1111", email="lin@example.com")
    return Seller(
        kind="dujiaoka",
        connector=cards.shop(),
        subject=subject_of(NUMBER),
        number=NUMBER,
        line=LINE,
        keys=[KEY, MORE],
        stranger=subject_of(ANOTHER),
        theirs=ANOTHER,
        word="Steam",
        found="1",
        right={
            "last_four": contract.LastFour(order_number=NUMBER, last_four="8567"),
            "one_time_code": contract.SendCode(account="zhen@example.com"),
            "look_up_password": contract.LookUpPassword(order_number=NUMBER, password=PASSWORD),
        },
        wrong={
            "last_four": contract.LastFour(order_number=NUMBER, last_four="0000"),
            "one_time_code": contract.SendCode(account="nobody-here"),
            "look_up_password": contract.LookUpPassword(order_number=NUMBER, password="another one"),
        },
        private=["zhen@example.com", PASSWORD, "2026112122001412345678", "MERCHANT-KEY"],
    )


@pytest.fixture(params=["lime", "cards_of"], ids=["http", "dujiaoka"])
def seller(request: pytest.FixtureRequest) -> Seller:
    """Each shop there is, one after the other."""
    made: Seller = request.getfixturevalue(request.param)
    return made
