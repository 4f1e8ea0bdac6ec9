"""Where a parcel is, as Kuaidi100 knows it: its real-time query, asked with the shop's own account.

Source of every rule here: api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc (real-time query).
A request is signed with the upper-case MD5 of param, key and customer; an answer is not
signed, TLS alone vouches for it.  The same number asked more often than every half hour is
locked there: `tracking` keeps what was answered.  S.F. and ZTO tell nothing without the
last four digits of the sender's or receiver's telephone number.

Does not: decide whose parcel it is, or keep anything (`tracking`).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import httpx
import msgspec

from mashang.kit.errors import Invalid
from mashang.shops import contract, providing
from mashang.shops.fields import Field
from mashang.shops.providing import Kind, ProviderFailed, Tested, Values

ADDRESS = "https://poll.kuaidi100.com/poll/query.do"
ANSWERS_WITHIN = timedelta(seconds=4)  # it asks the carrier itself, and nobody is held up by it
WANTS_A_PHONE = frozenset({"shunfeng", "shunfengkuaiyun", "zhongtong"})
_LENGTHS = range(6, 33)  # of a parcel's number
_CHINA = timezone(timedelta(hours=8))
_MOST_EVENTS = 200
_NOBODY = ("yuantong", "YT0000000000001")
_NOT_THERE = frozenset({"201", "500"})  # "no result, ask later"; "no such number, or too old"
_REFUSED = frozenset({"400", "503", "600"})  # not authorised; signature wrong; not a customer
_BUSY = frozenset({"501", "502"})
_STATES: dict[str, contract.ShipmentState] = {
    "0": "in_transit",
    "1": "collected",
    "101": "waiting",
    "102": "waiting",
    "2": "problem",
    "3": "delivered",
    "4": "returned",
    "401": "problem",  # the order to collect it was withdrawn
    "5": "delivering",
    "6": "returning",
    "7": "in_transit",  # handed to another carrier
    "8": "in_transit",  # customs
    "10": "in_transit",
    "11": "in_transit",
    "12": "in_transit",
    "13": "problem",  # held at customs
    "14": "returning",  # refused by the receiver
}


class Track(msgspec.Struct, frozen=True):
    """Where a parcel is and was, newest first."""

    state: contract.ShipmentState | None
    events: list[contract.ShipmentEvent]


class _Passed(msgspec.Struct):
    context: str = ""
    ftime: str = ""
    time: str = ""
    areaName: str | None = None  # noqa: N815 — the vendor's name
    location: str | None = None


class _Answer(msgspec.Struct):
    status: str | int = ""
    returnCode: str | int = ""  # noqa: N815 — the vendor's name
    nu: str = ""
    state: str | int = ""
    data: list[_Passed] = []


async def track(
    client: httpx.AsyncClient, values: Values, carrier_code: str, number: str, phone_last_four: str | None
) -> Track | None:
    """The track of one parcel; None: nothing is known of it, by now.  Raises ProviderFailed."""
    if len(number) not in _LENGTHS:
        return None
    asked = {"com": carrier_code, "num": number, "resultv2": "4", "show": "0", "order": "desc"}
    if phone_last_four:
        asked["phone"] = phone_last_four
    param = msgspec.json.encode(asked).decode()
    answer = await providing.ask(
        client,
        "POST",
        values.get("address") or ADDRESS,
        body=urlencode(
            {"customer": values["customer"], "sign": sign(param, values["key"], values["customer"]), "param": param}
        ).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        within=ANSWERS_WITHIN,
    )
    if answer.status != 200:
        raise _failed("malformed", f"HTTP {answer.status}")
    return read(answer.body, number)


def sign(param: str, key: str, customer: str) -> str:
    """The signature of a request, as the vendor asks for it."""
    return hashlib.md5((param + key + customer).encode(), usedforsecurity=False).hexdigest().upper()


def read(body: bytes, number: str) -> Track | None:
    """What an answer says; None: nothing is known.  Raises ProviderFailed."""
    try:
        told = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _failed("malformed", "no JSON of the agreed form") from error
    code = str(told.returnCode or told.status)
    if code in _NOT_THERE:
        return None
    if code != "200":
        raise _failure(code)
    if told.nu.upper() != number.upper():
        raise _failed("another", "the answer is about another parcel")
    try:
        events = sorted((_event(one) for one in told.data), key=lambda event: event.at, reverse=True)
    except ValueError as error:
        raise _failed("malformed", "a time that is none") from error
    return Track(_state(str(told.state)), events[:_MOST_EVENTS])


def _state(code: str) -> contract.ShipmentState | None:
    """The state of a code; a finer one that is not named counts as its first digit (301: 3), 1001 to 1003 as 0."""
    if code in _STATES:
        return _STATES[code]
    if len(code) == 4:
        return "in_transit" if code.startswith("100") else None
    return _STATES.get(code[:1]) if len(code) == 3 else None


def _event(one: _Passed) -> contract.ShipmentEvent:
    at = datetime.strptime(one.ftime or one.time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    return contract.ShipmentEvent(
        at=at, text=_cut(one.context, 200), place=_cut(one.areaName or one.location or "", 64)
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _failure(code: str) -> ProviderFailed:
    detail = f"code {code[:8]}" if code.isalnum() else ""
    if code in _REFUSED:
        return _failed("refused_us", detail)
    if code in _BUSY:
        return _failed("unavailable", detail)
    reasons = {"408": "phone_wrong", "601": "used_up"}
    return _failed(reasons.get(code, "malformed"), detail)


def _failed(reason: str, detail: str) -> ProviderFailed:
    return ProviderFailed(reason, detail, kind="kuaidi100")


def _check(values: Values) -> None:
    """Both are letters and digits, as they stand in the account; raises Invalid."""
    for name in ("customer", "key"):
        if not (values[name].isascii() and values[name].isalnum()):
            raise Invalid(field=name, reason="form")


async def _probe(client: httpx.AsyncClient, values: Values, reference: str) -> list[Tested]:
    """Ask for `carrier|number|digits`, or for a number that nobody has: it is answered to whom it knows."""
    carrier, number, digits = [*reference.split("|"), "", ""][:3] if "|" in reference else (*_NOBODY, "")
    try:
        found = await track(client, values, carrier, number, digits or None)
    except ProviderFailed as failure:
        return [Tested("tracked", ok=False, facts={"reason": failure.reason, "detail": failure.detail})]
    return [Tested("tracked", ok=True, facts={"status": "known" if found else "none"})]


KIND = Kind(
    name="kuaidi100",
    part="shipments",
    fields=[Field(name="customer"), Field(name="key", kind="secret")],
    can=["parcel_track", "parcel_state"],
    cannot=["parcel_often", "parcel_change"],
    check=_check,
    probe=_probe,
)
