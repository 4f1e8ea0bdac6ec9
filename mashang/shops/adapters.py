"""The kinds of shops we can ask, and one way to ask them all.

A shop of kind `http` implements the connector contract; other kinds are asked in their
own way, behind the same questions.  What each can do is what it says itself
(`capabilities`).

Does not: keep a shop (`shop`), or decide what to ask (`context`, `asking`).
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Literal

import msgspec

from mashang.kit import http
from mashang.kit.sealing import Sealer, Unreadable
from mashang.kit.settings import Settings
from mashang.shops import check, contract, dujiaoka, dujiaoka_check, mysql
from mashang.shops.connector import Connector, ShopFailed
from mashang.shops.dujiaoka import Dujiaoka
from mashang.shops.fields import Field
from mashang.shops.http import HttpShop, Keys
from mashang.shops.reach import SECRET_PURPOSE, Reach

KindName = Literal["http", "dujiaoka"]
_QUESTIONS = ("order", "account", "orders", "products", "promotions", "incidents", "events")
_PROOFS = ("last_four", "one_time_code", "look_up_password")
_ACTIONS = ("resend", "reissue", "refund")
ABILITIES = (*_QUESTIONS, *_PROOFS, "shipments", *_ACTIONS, "reveal")


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of shop: what is filled in beside its address, who makes the secret, what it answers.

    `place`: the fields that say which server is shown the secret; with another place it is entered anew.
    """

    name: KindName
    fields: list[Field] = []
    place: tuple[str, ...] = ()
    makes_secret: bool  # by us, told once; else it is one of the fields
    questions: frozenset[str]


class Ability(msgspec.Struct, frozen=True):
    """Something a shop can do, cannot do, or (null) was not yet asked about."""

    name: str
    can: bool | None


KINDS: dict[str, Kind] = {
    "http": Kind(name="http", makes_secret=True, questions=frozenset(_QUESTIONS)),
    "dujiaoka": Kind(
        name="dujiaoka",
        fields=dujiaoka.FIELDS,
        place=("host", "port"),
        makes_secret=False,
        questions=frozenset({"order", "products"}),
    ),
}


def abilities(kind: str, said: contract.Capabilities | None) -> list[Ability]:
    """What a shop of this kind can do: its kind's questions, and what it said itself when it was asked last."""
    asked = KINDS[kind].questions
    known = [Ability(name, name in asked) for name in _QUESTIONS]
    if said is None:
        return known + [Ability(name, None) for name in ABILITIES if name not in _QUESTIONS]
    own = {
        *said.proofs,
        *said.actions,
        *(["shipments"] if said.shipments else []),
        *(["reveal"] if said.reveals else []),
    }
    return known + [Ability(name, name in own) for name in ABILITIES if name not in _QUESTIONS]


class Shops:
    """How this process reaches its shops: one HTTP client, a few connections to databases, the key to their secrets."""

    def __init__(self, settings: Settings, sealer: Sealer) -> None:
        self.sealer = sealer
        self.client = http.client(permitted(settings))
        self._databases = mysql.Databases(mysql.permitted(settings))

    def connector(self, reach: Reach) -> Connector:
        """A shop to ask; raises ShopFailed when our key does not open its secret."""
        return self.dujiaoka_shop(reach) if reach.kind == "dujiaoka" else self.http_shop(reach)

    def http_shop(self, reach: Reach) -> HttpShop:
        """A shop that speaks the contract."""
        return HttpShop(self.client, Keys(reach.base_url, reach.key_id, self._secret(reach)))

    def visit(self, reach: Reach, given: check.Subject) -> check.Visit | dujiaoka_check.Visit:
        """Every check of a shop of this kind, to be tried one by one; raises ShopFailed as `connector` does."""
        if reach.kind == "dujiaoka":
            return dujiaoka_check.Visit(self.dujiaoka_shop(reach), given)
        return check.Visit(self.http_shop(reach), given)

    def dujiaoka_shop(self, reach: Reach) -> Dujiaoka:
        """A shop whose database is read."""
        settings = msgspec.convert(reach.settings, dujiaoka.Settings)
        return Dujiaoka(self._databases, reach.base_url, settings, self._secret(reach))

    def _secret(self, reach: Reach) -> str:
        try:
            return self.sealer.open(reach.secret_sealed, SECRET_PURPOSE).decode()
        except Unreadable:
            raise ShopFailed("secret_unreadable") from None

    async def close(self) -> None:
        """Let the connections go."""
        await self.client.aclose()
        self._databases.close()


def permitted(settings: Settings) -> http.Permitted:
    """Which addresses shops may have: public ones; all when configured; in a demo its own shop's, beside us."""
    if settings.allow_private_addresses:
        return lambda _address, _port: True
    if settings.demo:
        ours = _addresses(settings.host)
        return lambda address, port: (
            http.is_public(address, port) or (port == settings.shop_port and (address.is_loopback or address in ours))
        )
    return http.is_public


def _addresses(host: str) -> frozenset[http.Address]:
    """The addresses of a host we listen on ourselves, as it is when we start."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return frozenset()
    return frozenset(ip_address(entry[4][0]) for entry in found)
