"""A dry run with the records of then, or with what the shop says now: it looks up, and never does anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mashang.bot import library, rehearsing
from mashang.bot.playbook import Act
from mashang.bot.rehearsing import Asks, Rehearsal
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.staff.agents import Agent
from tests.bot.diagnosing import WHOLE, read
from tests.channels.connected import NUMBER, an_order
from tests.selling import RogueShop
from tests.shops.counter import Counter

ACTING = """
key: acting
version: 1
title: 动手
title_en: Acting
steps:
  first: {act: resend, next: second, missing: second, failed: second, timed_out: second}
  second: {act: offer_code, code: DD, next: done, missing: done, failed: done, timed_out: done}
  done: {solved: true}
"""
CHOOSING = """
key: choosing
version: 1
title: 选
title_en: Choosing
steps:
  what:
    ask: choice
    text: {zh-CN: 怎么了？, en: "What happened?"}
    into: what
    options:
      - {id: late, text: {zh-CN: 没到账, en: "Not arrived"}, next: when}
      - {id: wrong, text: {zh-CN: 充错了, en: "Wrong account"}, next: when}
  when:
    ask: text
    number: true
    text: {zh-CN: 什么时候？, en: "When?"}
    into: when
    next: done
  done: {solved: true}
"""


class Stage:
    """A customer's past conversation, and a shop that notes what it is asked."""

    def __init__(self, counter: Counter, rogue: RogueShop, settings: Settings) -> None:
        self.counter, self.rogue, self.sealer = counter, rogue, Sealer(settings.secret)
        self.tells("/incidents", {"incidents": []})
        self.tells(f"/orders/{NUMBER}", an_order(NUMBER, status="failed"))
        self.id = ""

    def tells(self, path: str, body: Any) -> None:
        self.rogue.says(path, json.dumps(body).encode())

    async def begin(self, subject: str | None = "c-1") -> None:
        row = await self.counter.begin(subject, NUMBER)
        async with self.counter.database.transaction() as tx:
            await tx.run("update shop set capabilities = '{\"actions\": [\"resend\"]}', customer_actions = '{resend}'")
            self.id = await tx.value("select public_id from conversation where id = %s", (row,))
            for seq, text in enumerate(("充值没到账", "好"), 1):
                await tx.run(
                    "insert into entry (conversation_id, seq, prev_public, author, audience, kind, text, author_id, at)"
                    " select id, %s, %s, 'customer', 'everyone', 'text', %s, customer_id, app_now() from conversation"
                    " where id = %s",
                    (seq, seq - 1, text, row),
                )

    async def tries(self, source: str, asks: Asks) -> Rehearsal:
        by: Agent = self.counter.scene.agent
        return await rehearsing.rehearse(
            self.counter.database, by, read(source), self.id, asks=asks, shops=self.counter.shops, sealer=self.sealer
        )

    async def done(self) -> list[int]:
        async with self.counter.database.transaction() as tx:
            return [
                await tx.value(f"select count(*) from {table}") for table in ("shop_action", "minted_code", "audit")
            ]


@pytest.fixture
def stage(rogue_counter: Counter, rogue: RogueShop, settings: Settings) -> Iterator[Stage]:
    return Stage(rogue_counter, rogue, settings)


async def test_the_shop_is_asked_now_only_when_the_operator_says_so(stage: Stage) -> None:
    await stage.begin()
    then = await stage.tries(WHOLE, "recorded")
    assert (then.asked, then.steps[1].how) == ("recorded", "missing")  # nothing was fetched then
    assert stage.rogue.asked == []
    now = await stage.tries(WHOLE, "now")
    assert [(one.step, one.how) for one in now.steps if one.how] == [("look", "found"), ("send", "assumed")]
    assert (now.asked, now.ends) == ("now", "solved")
    assert f"/orders/{NUMBER}" in stage.rogue.asked


async def test_the_shop_tells_no_more_than_the_customer_has_proved(stage: Stage) -> None:
    await stage.begin(subject=None)
    now = await stage.tries(WHOLE, "now")
    assert (now.ends, now.steps[1].how, now.steps[1].told) == ("asks", "unproved", [])
    assert stage.rogue.asked == []


def looking_up(times: int) -> str:
    """A playbook that looks up so often, one after the other."""
    ways = "next: {0}, missing: {0}, failed: {0}, timed_out: {0}, unproved: {0}"
    lines = [
        f"  s{n}: {{look_up: order, needs: order, {ways.format(f's{n + 1}' if n < times else 'done')}}}"
        for n in range(1, times + 1)
    ]
    head = "key: many\nversion: 1\ntitle: 很多次\ntitle_en: Many\nsteps:"
    return "\n".join([head, *lines, "  done: {solved: true}", ""])


async def test_a_dry_run_asks_the_shop_so_often_and_says_where_it_stopped(stage: Stage) -> None:
    await stage.begin()
    now = await stage.tries(looking_up(15), "now")
    assert (now.ends, now.steps[-1].step, now.steps[-1].how) == ("stopped", "s13", "")
    assert stage.rogue.asked.count(f"/orders/{NUMBER}") <= 12
    assert [("12" in told, "s13" in told) for told in now.reason.values()] == [(True, True)] * 2
    assert (await stage.tries(looking_up(12), "now")).ends == "solved"
    assert (await stage.tries(looking_up(15), "recorded")).ends == "solved"  # nobody is asked


SOURCES = {"acting": ACTING, "whole": WHOLE} | {
    key: source for key, (playbook, source) in library.shipped().items()
    if any(isinstance(step, Act) for step in playbook.steps.values())
}  # fmt: skip


@pytest.mark.parametrize("asks", ["recorded", "now"])
@pytest.mark.parametrize("key", sorted(SOURCES))
async def test_nothing_is_ever_done_whatever_the_playbook_says(stage: Stage, key: str, asks: Asks) -> None:
    await stage.begin()
    before = await stage.done()
    await stage.tries(SOURCES[key], asks)
    assert await stage.done() == before
    assert [path for path in stage.rogue.asked if "actions" in path or "keys" in path] == []


async def test_what_the_first_words_name_is_not_asked_for(stage: Stage) -> None:
    await stage.begin()
    rehearsal = await stage.tries(CHOOSING, "recorded")
    assert [(one.step, one.text) for one in rehearsal.steps] == [("what", ""), ("when", "什么时候？")]
