"""What customers and agents say of answers decides what is answered next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import customers
from mashang.bot import experience, turns
from mashang.bot.experience import Experience
from mashang.customers import Customer
from mashang.kit.db import Tx
from mashang.knowledge import editing, reading, trust
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.finder import Found
from mashang.knowledge.relearning import Relearner
from mashang.knowledge.serving import Knowledge
from mashang.shops.token import ShopCustomer
from tests.conftest import Clock

from .talking import Talk
from .test_learning import known

__all__ = ["known"]

QUESTION = "这个能退钱吗"  # hardly likely enough


@pytest.fixture
async def knowledge(talk: Talk, known: None) -> Knowledge:
    await Relearner(talk.database).sweep()
    knowledge = Knowledge(talk.database)
    await knowledge.look()
    talk.finder = knowledge  # type: ignore[assignment]  # the product's own
    return knowledge


@pytest.fixture
async def answered(talk: Talk, knowledge: Knowledge) -> int:
    """The entry that answered; its likelihood as of much knowledge, which is never as sure as of little."""
    assert (await knowledge.find(QUESTION, "zh-CN")).band == "answer"
    await talk.open(QUESTION)
    async with talk.database.transaction() as tx:
        await tx.run("update assistant_turn set p = 0.99 where conversation_id = %s", (talk.id,))
    return (await talk.said())[-1].seq


async def judged(talk: Talk, knowledge: Knowledge, seq: int, verdict: turns.Verdict, **by: str) -> Found:
    """What is found once this was said of it and counted."""
    async with talk.database.transaction() as tx:
        await turns.correct(tx, talk.stage.agent, talk.id, seq, verdict, **by)
    await Experience(talk.database).sweep()
    await knowledge.look()
    return await knowledge.find(QUESTION, "zh-CN")


async def test_a_wrong_answer_is_held_back_and_comes_back_when_it_is_judged_right(
    talk: Talk, knowledge: Knowledge, answered: int
) -> None:
    before = await knowledge.find(QUESTION, "zh-CN")
    found = await judged(talk, knowledge, answered, "not_helpful")
    assert (found.band, found.why) == ("suggest", "judged")
    assert (found.p, found.candidates) == (before.p, before.candidates)
    assert (await judged(talk, knowledge, answered, "helpful")).band == "answer"


async def test_other_answers_stay_where_they_were(talk: Talk, knowledge: Knowledge, answered: int) -> None:
    before = await knowledge.find("开发票", "zh-CN")
    await judged(talk, knowledge, answered, "not_helpful")
    assert await knowledge.find("开发票", "zh-CN") == before


async def test_a_known_customer_presses_not_solved_and_an_agent_knows_better(
    talk: Talk, knowledge: Knowledge, answered: int
) -> None:
    async with talk.database.transaction() as tx:
        await tx.run("update customer set subject = 'u1' where id = %s", (talk.stage.customer.id,))
    await talk.press("not_helpful")
    await Experience(talk.database).sweep()
    await knowledge.look()
    assert (await knowledge.find(QUESTION, "zh-CN")).why == "judged"
    article = (await knowledge.find(QUESTION, "zh-CN")).candidates[0].id
    assert (await judged(talk, knowledge, answered, "corrected", instead=article)).band == "answer"


async def test_one_customer_counts_once(talk: Talk, knowledge: Knowledge, answered: int) -> None:
    await talk.press("not_helpful")
    shifts = []
    for _ in range(2):
        async with talk.database.transaction() as tx:
            await experience.count(tx)
            shifts.append(await trust.kept(tx))
        await talk.open(QUESTION)
        await talk.press("person")
        async with talk.database.transaction() as tx:
            await tx.run(
                "insert into assistant_turn (conversation_id, question_seq, seq, move, p, articles)"
                " values (%s, 1, 90, 'answer', 0.99, %s)", (talk.id, list(shifts[0]))
            )  # fmt: skip
            await turns.judge(tx, talk.id, 90, "not_helpful", next(iter(shifts[0])))
    assert shifts[0] == shifts[1]
    assert len(shifts[0]) == 1


async def test_verdicts_grow_old(talk: Talk, knowledge: Knowledge, answered: int, clock: Clock) -> None:
    await judged(talk, knowledge, answered, "not_helpful")
    await clock.advance(timedelta(days=100))
    async with talk.database.transaction() as tx:
        await experience.count(tx)
        assert await trust.kept(tx) == {}


async def test_counting_that_takes_long_rests_before_it_counts_again(
    talk: Talk, knowledge: Knowledge, answered: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    async def slowly(tx: Tx) -> None:
        counted.append(await tx.value("select count(*) from assistant_verdict where verdict = 'helpful'"))
        clock.where = tx
        await clock.advance(timedelta(seconds=3))

    monkeypatch.setattr(experience, "count", slowly)
    subject = Experience(talk.database)
    verdicts: list[turns.Verdict] = ["not_helpful", "helpful"]
    for verdict in verdicts:
        async with talk.database.transaction() as tx:
            await turns.correct(tx, talk.stage.agent, talk.id, answered, verdict)
        await subject.sweep()
    assert counted == [0]
    clock.where = talk.database
    await clock.advance(timedelta(minutes=2))
    await subject.sweep()
    assert counted == [0, 1]


async def told(talk: Talk, *by: Customer) -> float:
    """By how much the answer's threshold moves once these were answered and said it was no help."""
    for customer in by:
        await talk.open(QUESTION, customer=customer)
        async with talk.database.transaction() as tx:
            await tx.run("update assistant_turn set p = 0.99 where conversation_id = %s", (talk.id,))
            await turns.judge(tx, talk.id, (await talk.said())[-1].seq, "not_helpful", None)
    async with talk.database.transaction() as tx:
        await experience.count(tx)
        return sum((await trust.kept(tx)).values())


async def account(talk: Talk, subject: str) -> Customer:
    """Somebody the site vouches for."""
    async with talk.database.transaction() as tx:
        return await customers.recognise(tx, talk.stage.site.id, None, ShopCustomer(subject, "", ""), "zh-CN")


async def test_strangers_never_silence_an_answer_and_known_customers_count_in_full(
    talk: Talk, knowledge: Knowledge
) -> None:
    assert await told(talk, *[await talk.somebody() for _ in range(4)]) == -trust.BY_STRANGERS
    assert await told(talk, *[await account(talk, f"u{place}") for place in range(3)]) < -2 * trust.BY_STRANGERS


async def test_who_proved_the_same_account_in_many_browsers_counts_once(talk: Talk, knowledge: Knowledge) -> None:
    one, other = await talk.somebody(), await talk.somebody()
    async with talk.database.transaction() as tx:
        shop = await tx.value(
            "insert into shop (public_id, name, base_url, key_id, secret_sealed, capabilities)"
            " values ('s1', '店', 'https://shop.example', 'k', '', '{}') returning id"
        )
        await tx.run(
            "insert into proof (customer_id, shop_id, subject, method, order_number, expires_at)"
            " select who, %s, 'u1', 'last_four', '1', app_now() + interval '1 hour' from unnest(%s::bigint[]) who",
            (shop, [one.id, other.id]),
        )
    once = await told(talk, one)
    assert once < -trust.BY_STRANGERS
    assert await told(talk, other) == once


async def test_a_text_that_was_corrected_is_not_held_to_what_was_said_of_the_old_one(
    talk: Talk, knowledge: Knowledge, answered: int, clock: Clock
) -> None:
    found = await judged(talk, knowledge, answered, "not_helpful")
    assert found.why == "judged"
    subject = Experience(talk.database)
    await subject.sweep()
    await clock.advance(timedelta(hours=1))
    async with talk.database.transaction() as tx:
        old = await reading.find(tx, found.candidates[0].id)
        draft = ArticleDraft(key=old.key, texts={"zh-CN": Text(old.texts["zh-CN"].title, "可以退，三天内到账。")})
        new = await editing.edit(tx, None, old.public_id, draft, version=old.version)
        await experience.count(tx)
        assert await trust.kept(tx)
        await editing.publish(tx, None, old.public_id, version=new.version)
    await subject.sweep()
    async with talk.database.transaction() as tx:
        assert await trust.kept(tx) == {}


async def test_an_answer_given_while_a_new_text_was_written_says_nothing_of_that_text_once_it_is_published(
    talk: Talk, knowledge: Knowledge, clock: Clock
) -> None:
    (shown,) = (await knowledge.find(QUESTION, "zh-CN")).candidates[:1]
    async with talk.database.transaction() as tx:
        old = await reading.find(tx, shown.id)
        draft = ArticleDraft(key=old.key, texts={"zh-CN": Text(old.texts["zh-CN"].title, "可以退，三天内到账。")})
        new = await editing.edit(tx, None, old.public_id, draft, version=old.version)
    await clock.advance(timedelta(minutes=1))
    assert await told(talk, await account(talk, "u1")) < 0  # of the old text, which readers see still
    async with talk.database.transaction() as tx:
        await editing.publish(tx, None, old.public_id, version=new.version)
        await experience.count(tx)
        assert await trust.kept(tx) == {}
    await knowledge.look()
    assert await told(talk, await account(talk, "u2")) < 0  # and this one is of the new


async def test_a_verdict_that_is_written_after_a_newer_one_was_counted_is_counted_too(
    talk: Talk, knowledge: Knowledge, answered: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []

    async def noted(tx: Tx) -> None:
        counted.append(await tx.value("select count(*) from assistant_verdict"))

    monkeypatch.setattr(experience, "count", noted)
    subject = Experience(talk.database)
    async with talk.database.transaction() as tx:
        await turns.correct(tx, talk.stage.agent, talk.id, answered, "not_helpful")
    await subject.sweep()
    await clock.advance(timedelta(minutes=2))  # rested
    async with talk.database.transaction() as tx:
        await turns.judge(tx, talk.id, answered, "helpful", None)
        await tx.run("update assistant_verdict set at = at - interval '3 minutes' where said_by = 'customer'")
    await subject.sweep()
    await clock.advance(timedelta(minutes=2))
    await subject.sweep()  # nothing new
    assert counted == [1, 2]
