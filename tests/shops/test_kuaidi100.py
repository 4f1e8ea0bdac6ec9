"""What Kuaidi100 answers is read as its document says, and whatever else comes is at most an outage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mashang.kit.db import Tx
from mashang.kit.errors import Invalid
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import contract, kuaidi100, providers, shop
from mashang.shops.providing import ProviderFailed
from mashang.shops.shop import ShopDraft
from tests.parcels import CUSTOMER, KEY, PASSED, refusal


def answer(**changes: Any) -> bytes:
    whole = {"message": "ok", "nu": "YT123456789", "status": "200", "state": "0", "com": "yuantong", "data": PASSED}
    return json.dumps({**whole, **changes}).encode()


def test_a_request_is_signed_as_the_vendor_s_document_shows() -> None:
    assert (
        kuaidi100.sign('{"com":"yuantong","num":"500306190180"}', "key", "customer")
        == "3FFCF7F6A6B76310AE65888ACDE69321"
    )


def test_a_track_is_newest_first_in_the_time_of_china() -> None:
    track = kuaidi100.read(answer(data=PASSED[::-1]), "YT123456789")
    assert track
    assert [event.at.isoformat() for event in track.events] == [
        "2026-11-21T18:02:11+08:00",
        "2026-11-20T09:10:00+08:00",
    ]
    assert track.events[0].text == "【上海市】快件正在派送，快递员电话 95338"
    assert track.events[0].place == "上海,上海市,浦东新区"


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("0", "in_transit"), ("1001", "in_transit"), ("1003", "in_transit"), ("7", "in_transit"), ("11", "in_transit"),
        ("1", "collected"), ("103", "collected"), ("101", "waiting"), ("102", "waiting"), ("5", "delivering"),
        ("501", "delivering"), ("3", "delivered"), ("304", "delivered"), ("2", "problem"), ("206", "problem"),
        ("13", "problem"), ("401", "problem"), ("14", "returning"), ("6", "returning"), ("4", "returned"),
        ("99", None), ("", None), ("9999", None), ("state", None), (3, "delivered"),
    ],
)  # fmt: skip
def test_every_state_of_the_vendor_s_list_is_one_of_ours(code: str, state: contract.ShipmentState | None) -> None:
    track = kuaidi100.read(answer(state=code), "YT123456789")
    assert track
    assert track.state == state


@pytest.mark.parametrize("code", ["500", "201"])
def test_a_parcel_that_nobody_knows_is_none(code: str) -> None:
    assert kuaidi100.read(json.dumps(refusal(code, "查询无结果")).encode(), "YT123456789") is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("503", "refused_us"), ("400", "refused_us"), ("601", "used_up"), ("408", "phone_wrong"),
        ("501", "unavailable"), ("502", "unavailable"), ("777", "malformed"), ("<b>", "malformed"), ("", "malformed"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_reason(code: str, reason: str) -> None:
    with pytest.raises(ProviderFailed) as failed:
        kuaidi100.read(json.dumps(refusal(code, "<script>")).encode(), "YT123456789")
    assert failed.value.reason == reason
    assert "<" not in failed.value.detail


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "malformed"),
        (b"<html>", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b"\xff", "malformed"),
        (answer(data={}), "malformed"),
        (answer(data=[{"context": "x", "time": "yesterday"}]), "malformed"),
        (answer(data=[{"context": "x", "time": "0001-01-01 00:00:00"}]), "malformed"),
        (answer(data=[{"context": "x", "time": "9999-12-31 23:59:59"}]), "malformed"),
        (answer(nu="YT999999999"), "another"),
    ],
    ids=["empty", "html", "deep", "bytes", "no-list", "no-time", "year-1", "year-9999", "another-parcel"],
)
def test_what_does_not_fit_is_an_outage(body: bytes, reason: str) -> None:
    with pytest.raises(ProviderFailed) as failed:
        kuaidi100.read(body, "YT123456789")
    assert failed.value.reason == reason


def test_a_track_of_thousands_is_cut_to_the_newest_and_long_texts_are_cut() -> None:
    passed = [
        {"context": "长" * 5000, "time": f"2026-11-{day:02} 10:00:00", "areaName": "地" * 500}
        for day in range(30, 0, -1)
    ]
    track = kuaidi100.read(answer(data=passed * 20), "YT123456789")
    assert track
    assert len(track.events) == 200
    assert track.events[0].at.day == 30
    assert {(len(event.text), len(event.place)) for event in track.events} == {(200, 64)}


def test_a_text_that_hides_its_direction_is_shown_as_it_was_written() -> None:
    track = kuaidi100.read(answer(data=[{**PASSED[0], "context": "已\u202e签\u0007收\u2066"}]), "YT123456789")
    assert track
    assert track.events[0].text == "已签收"


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"customer": ""}, "customer", "required"),
        ({"customer": "two words"}, "customer", "form"),
        ({"key": ""}, "key", "required"),
        ({"key": "密钥"}, "key", "form"),
        ({"address": "https://elsewhere.example"}, "address", "unknown"),
    ],
    ids=["no customer", "two words", "no key", "no letters", "another host"],
)
async def test_what_is_no_account_is_refused(
    tx: Tx, settings: Settings, changes: dict[str, str], field: str, reason: str
) -> None:
    sealer = Sealer(settings.secret)
    made, _key = await shop.create(tx, sealer, ShopDraft(name="店", base_url="https://shop.example/connector/v1"))
    entered = {"customer": CUSTOMER, "key": KEY} | changes
    with pytest.raises(Invalid) as refused:
        await providers.connect(tx, sealer, made.id, "kuaidi100", entered)
    assert refused.value.facts == {"field": field, "reason": reason}
