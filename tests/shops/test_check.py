"""`mashang connector check` tells an integrator what is right and what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import msgspec
import pytest
from typer.testing import CliRunner

from bench.stage import free_port
from mashang.kit import i18n, ids
from mashang.shops import check, published
from mashang.shops.check import Check, Subject, Visit
from mashang.shops.commands import connector
from mashang.shops.http import HttpShop
from tests.running import ROOT
from tests.selling import AZHEN, XIAOLIN, DemoShop, RogueShop


def run(*options: str) -> tuple[int, str]:
    """The command's exit code and what it printed, without colours."""
    ran = CliRunner().invoke(connector, ["check", *options, "--lang", "zh-CN"], env={"TERM": "dumb", "COLUMNS": "200"})
    return ran.exit_code, re.sub(r"\x1b\[[0-9;]*m", "", ran.output)


@pytest.mark.parametrize(("tongue", "words"), [("C.UTF-8", "Address"), ("zh_CN.UTF-8", "地址")])
def test_it_speaks_the_terminals_language(tongue: str, words: str) -> None:
    environment = {"TERM": "dumb", "COLUMNS": "200", "LC_ALL": tongue}
    ran = CliRunner().invoke(connector, ["check", "no address", "--key-id", "k", "--secret", "s"], env=environment)
    assert words.lower() in ran.output.lower()


def given(shop: DemoShop, *more: str) -> tuple[str, ...]:
    return (shop.keys.base_url, "--key-id", shop.keys.key_id, "--secret", shop.keys.secret, *more)


def test_a_right_connector_has_nothing_wrong(demo_shop: DemoShop) -> None:
    status, said = run(*given(demo_shop, "--customer", XIAOLIN))
    assert status == 0, said
    assert "0 项有误，0 项未测" in said


def test_what_needs_a_customer_is_not_tried_without_one(demo_shop: DemoShop) -> None:
    status, said = run(*given(demo_shop))
    assert status == 0
    assert "3 项未测" in said
    assert "--customer" in said


def test_the_secret_may_stand_in_a_file(demo_shop: DemoShop, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(demo_shop.keys.secret + "\n")
    options = (demo_shop.keys.base_url, "--key-id", demo_shop.keys.key_id, "--secret-file", str(file))
    assert run(*options)[0] == 0


def test_a_wrong_secret_is_said_in_one_sentence(demo_shop: DemoShop) -> None:
    options = (demo_shop.keys.base_url, "--key-id", demo_shop.keys.key_id, "--secret", ids.secret())
    status, said = run(*options)
    assert status == 1
    assert i18n.sentence("check.reason.refused_us", "zh-CN") in said.replace("\n", "").replace(" " * 13, "")
    assert said.count("✗") == 1  # what else the shop answers to a stranger is neither right nor wrong
    assert f"{len(check.NAMES) - 2} 项未测" in said


def test_a_shop_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    status, said = run(f"http://127.0.0.1:{free_port()}/c", "--key-id", "k", "--secret", "s")
    assert status == 1
    assert said.count("✗") == 1
    assert f"{len(check.NAMES) - 1} 项未测" in said


@pytest.mark.parametrize("options", [("https://a.example",), ("shop", "--secret", "s")])
def test_what_is_missing_on_the_command_line_is_asked_for(options: tuple[str, ...]) -> None:
    assert run(*options, "--key-id", "k")[0] == 2


async def visited(shop: HttpShop, subject: Subject | None = None) -> dict[str, Check]:
    return {one.name: one async for one in Visit(shop, subject).checks()}


@pytest.mark.parametrize(
    ("fault", "reason"), [("wrong_signature", "wrong_signature"), ("garbage", "malformed"), ("slow", "timed_out")]
)
async def test_each_fault_is_named(demo_shop: DemoShop, connected: HttpShop, fault: str, reason: str) -> None:
    with demo_shop.fault(fault):
        tried = await visited(connected)
    assert reason in {one.facts.get("reason") for one in tried.values() if one.ok is False}


async def test_a_customer_s_order_that_is_another_s_is_wrong(connected: HttpShop) -> None:
    theirs = (await connected.orders(AZHEN)).orders[0].number
    tried = await visited(connected, Subject(XIAOLIN, theirs))
    assert tried["order_shape"].facts["reason"] == "another_subject"


async def test_a_shop_that_accepts_anything_fails_every_refusal(rogue: RogueShop, client: httpx.AsyncClient) -> None:
    rogue.says("/capabilities", msgspec.json.encode({"contract": "1", "name": "开门店"}))
    shop = HttpShop(client, rogue.keys)
    visit = Visit(shop)
    for name in (
        "wrong_signature_refused",
        "unsigned_refused",
        "stale_refused",
        "replay_refused",
        "other_path_refused",
    ):
        with pytest.raises(check.Wrong) as wrong:
            await getattr(visit, name)()
        assert wrong.value.facts == {"reason": "status", "status": 200, "expected": 401}


def test_every_check_and_every_reason_has_its_sentence_in_both_languages() -> None:
    source = (ROOT / "mashang/shops/check.py").read_text("utf-8")
    reasons = set(re.findall(r'(?:Wrong|CannotTry)\("(\w+)"', source)) | {"not_tried"}
    failures = (
        (ROOT / "mashang/shops/connector.py").read_text("utf-8").partition("`reason`:")[2].partition("`detail`")[0]
    )
    reasons |= set(re.findall(r"[a-z_]{6,}", re.sub(r"\(.*?\)", "", failures, flags=re.DOTALL)))
    assert len(reasons) > 15
    for locale in i18n.LOCALES:
        known = i18n.catalogue(locale)
        assert not [f"check.{name}" for name in check.NAMES if f"check.{name}" not in known]
        assert not [reason for reason in reasons if f"check.reason.{reason}" not in known]


def test_the_published_contract_is_the_one_we_read() -> None:
    kept = (ROOT / "docs/integrating/connector.openapi.json").read_text("utf-8")
    assert kept == published.text(), "run: python -m mashang.shops.published docs/integrating/connector.openapi.json"
    assert json.loads(kept)["openapi"] == "3.1.0"
