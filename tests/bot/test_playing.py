"""A playbook in a conversation: it looks up and presses with the customer's own rights, and answers once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec
import pytest

from mashang.bot import library, playing, summing_up
from mashang.bot.playing import Told
from mashang.bot.run import Happened, Proved, Run
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Database, Tx
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.routing import assistance
from mashang.shops import pressing
from mashang.shops.actions import Presser, Wanted
from tests.bot.diagnosing import WHOLE
from tests.channels.connected import NUMBER, OTHERS, an_order
from tests.selling import RogueShop
from tests.shops.counter import Counter


class Scene:
    """One conversation with a playbook in it."""

    def __init__(self, counter: Counter, rogue: RogueShop, sealer: Sealer) -> None:
        self.counter, self.rogue, self.sealer, self.db = counter, rogue, sealer, counter.database
        self.id, self.a_day = 0, 3
        self.told: list[Told] = []
        self.has(an_order(NUMBER, status="failed"))
        self.tells("/incidents", {"incidents": []})
        self.acts("done")

    def tells(self, path: str, body: Any, status: int = 200) -> None:
        self.rogue.says(path, json.dumps(body).encode(), status=status)

    def has(self, order: dict[str, Any]) -> None:
        self.tells(f"/orders/{order['number']}", order)

    def acts(self, outcome: str) -> None:
        told = {"outcome": outcome, "at": "2026-11-22T10:00:00+08:00", "to_masked": "138****5678"}
        self.tells(f"/orders/{NUMBER}/actions", told)

    async def open(self, subject: str | None = "c-1", order: str | None = NUMBER, source: str = WHOLE) -> None:
        """A conversation of this customer, where the playbook begins."""
        self.id = await self.counter.begin(subject, order)
        async with self.db.transaction() as tx:
            await tx.run(
                "update shop set capabilities = %s, customer_actions = '{resend}', actions_a_day = %s",
                (json.dumps({"actions": ["resend"], "proofs": ["last_four", "one_time_code"]}), self.a_day),
            )
            by = self.counter.scene.agent
            playbook = library.demand(source)
            if await library.in_use(tx, playbook.key) is None:
                await library.save(tx, by, source, seen=0)
                await library.publish(tx, by, playbook.key, 1)
            await assistance.serve(tx, self.id)
            found = await conversations.lock(tx, self.id)
            begun = await playing.begin(tx, found, playbook.key, {}, found.locale)
            assert begun is not None
            await self.tell(tx, found, begun)

    async def tell(self, tx: Tx, conversation: Conversation, told: Told) -> None:
        """As a turn writes it down."""
        self.told.append(told)
        await assistance.note(tx, conversation.id, run=told.kept, facts=told.facts)

    async def bring(self) -> bool:
        return await playing.bring(self.db, self.counter.shops, self.sealer, self.id, self.tell)

    async def hear(self, happened: Happened) -> Told | None:
        async with self.db.transaction() as tx:
            found = await conversations.lock(tx, self.id)
            known = await assistance.of(tx, self.id)
            assert known is not None
            assert known.run is not None
            told = await playing.hear(tx, known.run, happened)
            if told:
                await self.tell(tx, found, told)
        return told

    async def run(self) -> Run | None:
        async with self.db.transaction() as tx:
            known = await assistance.of(tx, self.id)
        assert known is not None
        return msgspec.convert(known.run, Run) if known.run else None

    @property
    def last(self) -> Told:
        return self.told[-1]

    async def proves_four_digits(self) -> None:
        """The customer knew the last four of the number the order was bought with."""
        async with self.db.transaction() as tx:
            await tx.run(
                "insert into proof (customer_id, shop_id, subject, method, order_number, expires_at)"
                " select customer_id, %s, 'c-1', 'last_four', %s, app_now() + interval '1 hour' from conversation"
                " where id = %s",
                (self.counter.shop_id, NUMBER, self.id),
            )

    @property
    def acted(self) -> int:
        return self.rogue.asked.count(f"/orders/{NUMBER}/actions")


@pytest.fixture
async def one(rogue_counter: Counter, rogue: RogueShop, settings: Settings) -> Scene:
    return Scene(rogue_counter, rogue, Sealer(settings.secret))


async def test_the_order_of_the_conversation_is_looked_up_without_a_question_and_the_button_pressed(one: Scene) -> None:
    await one.open()
    assert one.last.run.waits == "look_up"
    await one.bring()
    ask = one.last.lines[-1]
    assert (ask.text, ask.part.kind, ask.part.expects) == ("要补发吗", "ask", "choice")
    assert [option.id for option in ask.part.options] == ["pb:agree:agreed", "pb:agree:refused", "person"]
    await one.hear(playing.answered("补发", "pb:agree:agreed"))
    await one.bring()
    assert [line.text for line in one.last.lines] == ["已补发到 138****5678"]
    assert one.last.lines[-1].part.asks_helpful
    assert one.last.ended is not None
    assert one.last.ended.how == "solved"
    assert await one.run() is None
    assert one.last.facts == {
        "looked_up": [{"zh-CN": f"订单 {NUMBER}：已发货", "en": f"Order {NUMBER}: 已发货"}],
        "tried": [{"zh-CN": f"补发 {NUMBER}：已完成", "en": f"Sending {NUMBER} again: done"}],
    }


async def test_nothing_is_told_before_proof_and_the_shop_is_not_even_asked(one: Scene) -> None:
    await one.open(subject=None)
    await one.bring()
    assert one.last.lines[-1].part.expects == "proof"
    assert f"/orders/{NUMBER}" not in one.rogue.asked
    await one.hear(Proved())
    assert await one.bring()
    assert one.last.lines[-1].part.expects == "proof"


async def test_four_digits_are_not_enough_for_what_needs_the_whole_order(one: Scene) -> None:
    await one.open(subject=None)
    await one.proves_four_digits()
    await one.bring()
    assert one.last.lines[-1].part.expects == "proof"
    await one.open(subject=None, source=WHOLE.replace("    needs: order\n", "").replace("key: whole", "key: status"))
    await one.proves_four_digits()
    await one.bring()
    run = await one.run()
    assert run is not None
    assert run.known["order.status"] == "failed"
    assert run.known["order.status_only"] is True
    assert run.known["order.total"] is None


async def test_somebody_else_s_order_is_missing_as_one_that_is_not_there(one: Scene) -> None:
    one.has(an_order(OTHERS, "c-2"))
    one.tells("/orders/QN000000000000", {"code": "not_found"}, 404)
    for number in (OTHERS, "QN000000000000"):
        await one.open(order=number)
        await one.bring()
        run = await one.run()
        assert run is not None
        assert (run.step, run.looked_up[-1].how) == ("which", "missing")


async def test_shop_data_of_wrong_types_takes_the_branch_of_a_shop_that_failed(one: Scene) -> None:
    for lie in ({"status": 3}, {"total": "viel"}, {"lines": {}}, {"placed_at": "gestern"}, {"number": None}):
        one.tells(f"/orders/{NUMBER}", {**an_order(NUMBER), **lie})
        await one.open()
        await one.bring()
        assert one.last.ended is not None
        assert one.last.run.step == "gone"
        assert one.last.run.looked_up[0].how == "failed"


async def test_a_shop_that_is_silent_takes_its_branch_and_the_customer_is_told(one: Scene) -> None:
    async def never(_given: dict[str, str]) -> Any:
        await asyncio.Event().wait()

    one.rogue.answers[f"/orders/{NUMBER}"] = never
    await one.open()
    await one.bring()
    assert [line.text for line in one.last.lines] == ["我请人工来看"]
    assert one.last.ended is not None
    assert one.last.ended.reason["en"] == "The shop does not answer"
    assert one.last.run.looked_up[0].how == "timed_out"


async def test_two_that_bring_at_once_answer_once(one: Scene) -> None:
    await one.open()
    begun = len(one.told)
    await asyncio.gather(*(one.bring() for _ in range(4)))
    assert len(one.told) == begun + 1


async def test_a_process_that_died_after_the_press_presses_nothing_twice_and_answers(one: Scene) -> None:
    await one.open()
    await one.bring()
    await one.hear(playing.answered("ok"))

    async def dies(_tx: Tx, _conversation: Conversation, _told: Told) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await playing.bring(one.db, one.counter.shops, one.sealer, one.id, dies)
    assert one.acted == 1
    assert await one.bring()
    assert one.acted == 1
    assert one.last.lines[0].text == "已补发到 138****5678"


async def test_the_customer_s_own_press_meanwhile_and_the_playbook_s_are_one(one: Scene) -> None:
    await one.open()
    await one.bring()
    await one.hear(playing.answered("ok"))
    async with one.db.transaction() as tx:
        customer_id = (await conversations.by_id(tx, one.id)).customer_id
    by = Presser(subject="c-1", side="customer", customer_id=customer_id, conversation_id=one.id)
    wanted = Wanted(shop_id=one.counter.shop_id, order_number=NUMBER, line="l1", action="resend", round=1)
    await asyncio.gather(one.bring(), pressing.press(one.db, one.counter.shops, by, wanted), one.bring())
    assert one.acted == 1
    assert sum(bool(told.ended) for told in one.told) == 1


async def test_the_limit_of_the_day_holds_for_the_playbook_and_its_reason_is_noted(one: Scene) -> None:
    await one.open()
    one.a_day = 1
    for _ in range(2):
        await one.bring()
        await one.hear(playing.answered("ok"))
        await one.bring()
        ended = one.last
        await one.open()
    assert ended.run.step == "gone"
    assert summing_up.facts(ended.run)["tried"][0]["zh-CN"] == f"补发 {NUMBER}：现在不能（今天次数已满）"


async def test_a_refusal_of_the_shop_takes_its_own_branch(one: Scene) -> None:
    one.tells(f"/orders/{NUMBER}/actions", {"outcome": "refused", "reason": "out_of_stock", "text": "没货了"})
    await one.open()
    await one.bring()
    await one.hear(playing.answered("ok"))
    await one.bring()
    assert one.last.run.step == "gone"
    assert one.last.run.tried[0].how == "failed"


async def test_words_about_something_else_leave_the_run_as_it_is(one: Scene) -> None:
    await one.open()
    await one.bring()
    before = await one.run()
    assert await one.hear(playing.answered("发票怎么开")) is None
    assert await one.run() == before


async def test_a_conversation_without_an_order_is_about_the_one_that_was_found(one: Scene) -> None:
    await one.open(order=None)
    await one.hear(playing.answered(f"是 {NUMBER}"))
    await one.bring()
    async with one.db.transaction() as tx:
        assert (await conversations.by_id(tx, one.id)).order_number == NUMBER
    beside = await one.counter.view(one.id)
    assert beside.order.number == NUMBER


async def test_a_run_goes_on_with_the_version_it_began_with(one: Scene) -> None:
    await one.open()
    async with one.db.transaction() as tx:
        by = one.counter.scene.agent
        await library.save(tx, by, WHOLE.replace("要补发吗", "再发一次吗"), seen=1)
        await library.publish(tx, by, "whole", 2)
    await one.bring()
    assert one.last.lines[-1].text == "要补发吗"


async def test_a_run_that_is_over_or_taken_over_is_brought_nothing(one: Scene) -> None:
    await one.open()
    async with one.db.transaction() as tx:
        await tx.run("update assistance set state = 'out'")
    assert not await one.bring()
    assert f"/orders/{NUMBER}" not in one.rogue.asked


async def test_an_incident_is_looked_up_without_proof_by_code_and_words(one: Scene) -> None:
    source = """
key: fault
version: 1
title: 故障
title_en: Fault
steps:
  look:
    look_up: incident
    codes: [CZ]
    words: [维护]
    next: say
    missing: none_on
    failed: none_on
    timed_out: none_on
  say:
    say: {zh-CN: "{incident.title}", en: "{incident.title}"}
    next: none_on
  none_on:
    solved: true
"""
    told = {"id": "i1", "title": "星河充值维护", "starts_at": "2026-11-01T00:00:00+08:00", "codes": ["CZ"]}
    one.tells("/incidents", {"incidents": [{**told, "id": "i2", "title": "支付宝通道异常"}, told]})
    await one.open(subject=None, order=None, source=source)
    await one.bring()
    assert [line.text for line in one.last.lines] == ["星河充值维护"]


OFFERING = """
key: offer
version: 1
title: 代码
title_en: Code
steps:
  offer:
    act: offer_code
    code: SH
    next: say
    missing: gone
    failed: none
    timed_out: none
  say:
    say: {zh-CN: "{act.code}", en: "{act.code}"}
    next: none
  none:
    solved: true
  gone:
    solved: true
    say: {zh-CN: 没有了, en: Gone}
"""


async def test_a_code_is_offered_of_the_topic_or_of_the_proved_order(one: Scene, database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run(
            "insert into topic (public_id, code, name, department_id) select 'tsh', 'SH', '售后', id from department"
        )
    await one.open(source=OFFERING, order=None)
    await one.bring()
    assert one.last.lines[0].text == "SH"
    await one.open(source=OFFERING)
    await one.counter.fetch(one.id)
    await one.bring()
    assert one.last.lines[0].text.startswith("SH-")


async def test_a_code_that_was_retired_since_takes_its_branch(one: Scene, database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run(
            "insert into topic (public_id, code, name, department_id) select 'tsh', 'SH', '售后', id from department"
        )
    await one.open(source=OFFERING, order=None)
    async with database.transaction() as tx:
        await tx.run("update topic set archived_at = app_now() where code = 'SH'")
    await one.bring()
    assert [line.text for line in one.last.lines] == ["没有了"]


async def test_only_its_newest_reader_saves_and_withdrawing_leaves_the_versions(database: Database, one: Scene) -> None:
    async with database.transaction() as tx:
        by = one.counter.scene.agent
        await library.save(tx, by, WHOLE, seen=0)
        with pytest.raises(library.PlaybookMoved):
            await library.save(tx, by, WHOLE, seen=0)
        await library.publish(tx, by, "whole", 1)
        assert (await library.in_use(tx, "whole")) is not None
        await library.publish(tx, by, "whole", None)
        assert (await library.in_use(tx, "whole")) is None
        own = await library.own(tx, "whole")
        assert own is not None
        assert [one.version for one in own.versions] == [1]
        with pytest.raises(library.PlaybookWrong) as refused:
            await library.save(tx, by, WHOLE.replace("next: where", "next: nowhere"), seen=1)
    assert refused.value.facts["problems"][0]["line"] == 19


async def test_the_conversation_is_about_the_order_that_was_found_last(one: Scene) -> None:
    second = "QN100000000777"
    one.has(an_order(second, status="failed"))
    await one.open()
    await one.bring()
    async with one.db.transaction() as tx:
        found = await conversations.lock(tx, one.id)
        begun = await playing.begin(tx, found, "whole", {}, found.locale, number=second)
        assert begun is not None
        await one.tell(tx, found, begun)
    await one.bring()
    async with one.db.transaction() as tx:
        assert (await conversations.by_id(tx, one.id)).order_number == second
