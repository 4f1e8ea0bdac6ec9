"""What the knowledge lacks is gathered by itself, decided by people, and answered next time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mashang.bot import turns
from mashang.bot.turns import Turn
from mashang.conversations import conversation as conversations
from mashang.conversations import recalling, timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.insights import gaps, likeness, noise, questions
from mashang.insights.gaps import Filled, Filling, Gap, GapDecided, Gaps, NothingAdded
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid, NotFound
from mashang.knowledge import editing, features, reading, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.routing import assistance
from tests import scene
from tests.conftest import Clock
from tests.scene import Scene


@pytest.fixture
async def stage(database: Database) -> Scene:
    async with database.transaction() as tx:
        return await scene.build(tx)


async def asked(tx: Tx, stage: Scene, words: str, *, locale: str = "zh-CN") -> tuple[int, int]:
    """A conversation with the assistant in which this was said: row number and entry."""
    begun = await stage.conversation(tx, customer_id=(await scene.a_visitor(tx, stage.site)).id, locale=locale)
    await conversations.assist(tx, begun.id)
    await assistance.serve(tx, begun.id)
    said = await timeline.append(tx, NewEntry(conversation_id=begun.id, author=Author("customer"), text=words))
    return begun.id, said.seq


async def turned(tx: Tx, of: tuple[int, int], move: str, **facts: object) -> None:
    turn = {"conversation_id": of[0], "question_seq": of[1], "seq": of[1] + 1, "move": move, **facts}
    await turns.keep(tx, Turn(**turn))  # type: ignore[arg-type]  # as a test writes it


async def missed(tx: Tx, stage: Scene, words: str, *, answer: str = "", locale: str = "zh-CN") -> tuple[int, int]:
    """A question the assistant did not understand, and what an agent said then."""
    of = await asked(tx, stage, words, locale=locale)
    await turned(tx, of, "hand_over", why="misunderstood", band="hand_over", seq=None)
    for text in ("您好，请稍等", answer) if answer else ():
        agent = Author("agent", stage.agent.public_id, stage.agent.name)
        await timeline.append(tx, NewEntry(conversation_id=of[0], author=agent, author_id=stage.agent.id, text=text))
    return of


async def found(database: Database) -> list[Gap]:
    await gaps.sweep(database)
    async with database.transaction() as tx:
        return await gaps.open_gaps(tx)


async def test_like_questions_are_one_gap_with_what_the_agent_answered(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗", answer="海外号码暂时不支持，请用国内手机号下单。")
        await missed(tx, stage, "国外的手机号可以充话费吗")
        await missed(tx, stage, "海外手机号充话费可以吗？")
        await missed(tx, stage, "企业采购怎么开合同")
        await missed(tx, stage, "😡😡？！")
    many, one = await found(database)
    assert (many.n, many.wrong, one.n) == (3, 0, 1)
    assert [question.words for question in one.questions] == ["企业采购怎么开合同"]
    assert {question.answer for question in many.questions} == {None, "海外号码暂时不支持，请用国内手机号下单。"}
    assert len(await found(database)) == 2  # gathered once


async def test_who_looks_reads_what_the_sweep_gathered_and_when(database: Database, stage: Scene, clock: Clock) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗")
        assert await gaps.gathered(tx) == Gaps(None, [])
    await gaps.sweep(database)
    async with database.transaction() as tx:
        seen, now = await gaps.gathered(tx), await tx.value("select app_now()")
    assert [gap.n for gap in seen.gaps] == [1]
    assert seen.gathered_at is not None
    assert timedelta(0) <= now - seen.gathered_at < timedelta(minutes=1)
    await clock.advance(timedelta(hours=1))
    async with database.transaction() as tx:
        await missed(tx, stage, "企业采购怎么开合同")
        assert await gaps.gathered(tx) == seen


async def test_what_is_judged_wrong_late_is_found_within_the_hour(
    database: Database, stage: Scene, clock: Clock
) -> None:
    async with database.transaction() as tx:
        early, late = [await asked(tx, stage, words) for words in ("为什么扣了我两次钱", "点券能转给朋友吗")]
        for of in (early, late):
            await turned(tx, of, "answer", band="answer", articles=["a1"])
        await tx.run(
            "update assistant_turn set at = app_now() - interval '4 days' where conversation_id = %s", (late[0],)
        )
    assert await found(database) == []
    async with database.transaction() as tx:
        for of in (early, late):
            await turns.judge(tx, of[0], of[1] + 1, "not_helpful", "a1")
    await clock.advance(timedelta(minutes=30))
    assert [gap.questions[0].words for gap in await found(database)] == ["为什么扣了我两次钱"]
    await clock.advance(timedelta(minutes=31))
    assert {gap.questions[0].words for gap in await found(database)} == {"为什么扣了我两次钱", "点券能转给朋友吗"}


async def test_more_than_one_sweep_takes_is_gathered_by_the_next(
    database: Database, stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "_IN_CONVERSATIONS", questions._IN_CONVERSATIONS.replace("limit 500", "limit 1"))
    monkeypatch.setattr(questions, "_MOST_NEW", 1)
    async with database.transaction() as tx:
        for words in ("为什么扣了我两次钱", "点券能转给朋友吗"):
            await missed(tx, stage, words)
        await tx.run("update assistant_turn set at = app_now() - interval '4 days'")
    assert [len(await found(database)) for _ in range(2)] == [1, 2]


async def test_wrong_answers_are_told_from_missing_ones(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        refused = await asked(tx, stage, "为什么扣了我两次钱")
        await turned(tx, refused, "answer", band="answer", articles=["a1"])
        await turns.judge(tx, refused[0], refused[1] + 1, "not_helpful", "a1")
        followed = await asked(tx, stage, "点券能转给朋友吗")
        await turned(tx, followed, "answer", band="answer", articles=["a2"])
        await turned(tx, followed, "hand_over", why="asked", seq=None)
        offered = await asked(tx, stage, "会员可以共享几个人")
        await turned(tx, offered, "choices", band="suggest", articles=["a3"])
        await tx.run("update assistance set handed_over_at = app_now() where conversation_id = %s", (offered[0],))
        helped = await asked(tx, stage, "充值没到账")
        await turned(tx, helped, "answer", band="answer", articles=["a4"])
        await turns.judge(tx, helped[0], helped[1] + 1, "helpful", "a4")
        person = await asked(tx, stage, "转人工")
        await turned(tx, person, "hand_over", why="asked", seq=None)
    kinds = {gap.questions[0].words: gap.questions[0].kind for gap in await found(database)}
    assert kinds == {"为什么扣了我两次钱": "wrong", "点券能转给朋友吗": "wrong", "会员可以共享几个人": "unanswered"}


async def test_a_gap_becomes_a_draft_with_the_questions_and_the_answer(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗", answer="海外号码暂时不支持，请用国内手机号下单。")
        await missed(tx, stage, "国外的手机号可以充话费吗")
    (gap,) = await found(database)
    async with database.transaction() as tx:
        words = [question.words for question in gap.questions]
        made = await gaps.fill(tx, stage.agent, gap.id, Filling([*words, "不在里面的一句"]))
        article = await reading.find(tx, made.article)
        assert article.status == "draft"
        assert article.texts["zh-CN"] == Text("海外手机号能充话费吗", "海外号码暂时不支持，请用国内手机号下单。")
        assert {one.text for one in await wording.of(tx, article)} == set(words)
        assert {one.source for one in await wording.of(tx, article)} == {"conversation"}
        with pytest.raises(GapDecided):
            await gaps.dismiss(tx, stage.agent, gap.id)
        assert [row["action"] for row in await tx.all("select action from audit order by id desc limit 1")] == [
            "gap.filled"
        ]
    assert await found(database) == []


async def test_a_gap_is_given_to_an_article_that_is_there(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        draft = ArticleDraft(texts={"zh-CN": Text("海外号码", "不支持。")})
        there = await editing.create(tx, stage.agent, draft)
        await missed(tx, stage, "海外手机号能充话费吗")
        await missed(tx, stage, "can i top up a foreign number", locale="en")
    for gap in await found(database):
        async with database.transaction() as tx:
            filling = Filling([gap.questions[0].words], article=there.public_id)
            assert await gaps.fill(tx, stage.agent, gap.id, filling) == Filled(there.public_id, [], [])
    async with database.transaction() as tx:
        assert {(one.locale, one.text) for one in await wording.of(tx, await reading.find(tx, there.public_id))} == {
            ("zh-CN", "海外手机号能充话费吗"), ("en", "can i top up a foreign number"),
        }  # fmt: skip


async def test_a_gap_is_not_filled_with_what_asks_for_another_article_already(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        mine, other = [
            await editing.create(tx, stage.agent, ArticleDraft(texts={"zh-CN": Text(title, "不支持。")}))
            for title in ("海外号码", "国外充值")
        ]
        await missed(tx, stage, "海外手机号能充话费吗")
        await missed(tx, stage, "国外的手机号可以充话费吗")
        await wording.add(tx, stage.agent, other.public_id, "zh-CN", ["海外手机号能充话费吗"])
    (gap,) = await found(database)
    for article in (mine.public_id, None):
        with pytest.raises(NothingAdded) as refused:
            async with database.transaction() as tx:
                await gaps.fill(tx, stage.agent, gap.id, Filling(["海外手机号能充话费吗"], article))
        assert refused.value.facts == {"articles": "国外充值"}
    assert await found(database) == [gap]
    async with database.transaction() as tx:
        words = [one.words for one in gap.questions]
        filled = await gaps.fill(tx, stage.agent, gap.id, Filling(words, mine.public_id))
        assert [(one.text, one.title) for one in filled.elsewhere] == [("海外手机号能充话费吗", "国外充值")]
        assert [one.text for one in await wording.of(tx, mine)] == ["国外的手机号可以充话费吗"]
        told = await tx.value("select after->>'questions' from audit where action = 'gap.filled'")
        assert told == "1"
    assert await found(database) == []


async def test_words_that_stand_in_the_article_already_fill_a_gap(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        there = await editing.create(tx, stage.agent, ArticleDraft(texts={"zh-CN": Text("海外号码", "不支持。")}))
        await missed(tx, stage, "海外手机号能充话费吗")
        await wording.add(tx, stage.agent, there.public_id, "zh-CN", ["海外手机号能充话费吗"])
    (gap,) = await found(database)
    async with database.transaction() as tx:
        filling = Filling(["海外手机号能充话费吗"], there.public_id)
        assert await gaps.fill(tx, stage.agent, gap.id, filling) == Filled(there.public_id, [], [])


async def test_what_comes_after_a_decision_opens_a_new_gap(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗")
    (gap,) = await found(database)
    async with database.transaction() as tx:
        await gaps.dismiss(tx, stage.agent, gap.id)
    assert await found(database) == []
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗？")
    (again,) = await found(database)
    assert again.id != gap.id


async def test_what_cannot_be_decided_is_refused_and_nothing_is_changed(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗")
    (gap,) = await found(database)
    for filling, refusal in (
        (Filling([]), Invalid),
        (Filling(["没有这句"]), Invalid),
        (Filling(["海外手机号能充话费吗"], article="nothere"), NotFound),
    ):
        with pytest.raises(refusal):
            async with database.transaction() as tx:
                await gaps.fill(tx, stage.agent, gap.id, filling)
    with pytest.raises(NotFound):
        async with database.transaction() as tx:
            await gaps.dismiss(tx, stage.agent, "nothere")
    assert await found(database) == [gap]


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("海外手机号能充话费吗", "国外的手机号可以充话费吗", True),
        ("冲值没到帐", "充值没到账", True),
        ("怎么开发票", "卡密无效怎么办", False),
        ("", "充值没到账", False),
    ],
    ids=["reworded", "homophones", "different", "empty"],
)
def test_likeness_is_of_words_and_sounds(one: str, other: str, are: bool) -> None:
    assert (likeness.alike(one, other) >= likeness.ALIKE) is are


def test_the_newest_of_a_group_decide_and_what_is_like_none_begins_one() -> None:
    assert likeness.grouped([], []) == []
    assert likeness.grouped([], ["怎么开发票", "卡密无效怎么办", "怎么开发票啊"]) == [-1, -2, -1]
    known = [(7, "怎么开发票"), (9, "卡密无效怎么办")]
    assert likeness.grouped(known, ["怎样开发票呢", "海外手机号能充话费吗", "卡密无效呀"]) == [7, -1, 9]
    since = [(7, f"账号被冻结了{n}") for n in "甲乙丙丁戊己庚辛壬癸子丑"]
    assert likeness.grouped([*known, *since], ["怎样开发票呢", "账号被冻结"]) == [-1, 7]


async def test_comparing_questions_holds_up_nobody_else(
    database: Database, stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def noted(of: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            threads.append(threading.current_thread())
            return of(*given)

        return run

    for where, name in ((likeness, "grouped"), (features, "plain"), (noise, "is_question")):
        monkeypatch.setattr(where, name, noted(getattr(where, name)))
    for words in ("海外手机号能充话费吗", "企业采购怎么开合同"):
        async with database.transaction() as tx:
            await missed(tx, stage, words)
        assert await gaps.sweep(database) == 1
    assert len(threads) == 7, "asked twice: is it a question, to which group, and the words of three"
    assert threading.main_thread() not in threads


async def test_a_gap_may_be_decided_while_questions_are_compared_and_gets_none_of_them(
    database: Database, stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗")
    (gap,) = await found(database)
    async with database.transaction() as tx:
        await missed(tx, stage, "国外的手机号可以充话费吗")
        await missed(tx, stage, "海外手机号充话费可以吗？")
    comparing, decided = threading.Event(), threading.Event()
    placed = gaps._placed

    def slowly(*of: Any) -> Any:
        comparing.set()
        assert decided.wait(20)
        return placed(*of)

    monkeypatch.setattr(gaps, "_placed", slowly)
    sweeping = asyncio.create_task(gaps.sweep(database))
    assert await asyncio.to_thread(comparing.wait, 20)
    async with database.transaction() as tx:
        await gaps.dismiss(tx, stage.agent, gap.id)
    decided.set()
    assert await sweeping == 2
    async with database.transaction() as tx:
        (new,) = await gaps.open_gaps(tx)
        assert (new.n, new.id != gap.id) == (2, True)
        assert await tx.value("select count(*) from gap_question q join gap g on g.id = q.gap_id"
                              " where g.status = 'dismissed'") == 1  # fmt: skip


async def test_two_that_gather_at_once_write_it_once(
    database: Database, stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗")
    others: list[int] = []
    placed, own = gaps._placed, asyncio.get_running_loop()

    def after_another(*of: Any) -> Any:
        monkeypatch.setattr(gaps, "_placed", placed)
        others.append(asyncio.run_coroutine_threadsafe(gaps.sweep(database), own).result(20))
        return placed(*of)

    monkeypatch.setattr(gaps, "_placed", after_another)
    assert (await gaps.sweep(database), others) == (0, [1])
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from gap") == 1


async def test_of_a_gap_with_many_questions_only_the_last_are_read(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run("insert into gap (public_id) values ('g1'), ('g2')")
        await tx.run(
            """
            insert into gap_question (source, day, asker, gap_id, kind, locale, words, folded, asked_at)
            select 'help_search', current_date, decode(md5(g.public_id), 'hex'), g.id, 'unanswered', 'zh-CN', n::text,
                n::text, app_now() - n * interval '1 minute'
            from gap g, generate_series(1, 40) n where g.public_id = 'g1' or n = 40
            """
        )
        read = await gaps._open_words(tx)
        first, other = await tx.all("select id from gap order by public_id")
    assert read == [(other["id"], "40"), *((first["id"], str(n)) for n in range(12, 0, -1))]


async def test_what_a_customer_took_back_is_nobody_s_question_any_more(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        conversation_id, seq = await missed(tx, stage, "我的身份证号发错了")
    await gaps.sweep(database)
    async with database.transaction() as tx:
        who = await tx.value("select customer_id from conversation where id = %s", (conversation_id,))
        await tx.run("update entry set author_id = %s where seq = %s and author = 'customer'", (who, seq))
        (gap,) = await gaps.open_gaps(tx)
        await recalling.recall(tx, conversation_id, seq, Author("customer"), who)
    assert await found(database) == []
    async with database.transaction() as tx:
        with pytest.raises(NotFound):  # on a page that was open meanwhile
            await gaps.dismiss(tx, stage.agent, gap.id)
        assert await tx.value("select count(*) from gap_question") == 0
        assert await gaps.waiting(tx) == 0


async def test_a_gap_whose_conversations_were_deleted_waits_for_nobody(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗")
    await gaps.sweep(database)
    async with database.transaction() as tx:
        assert await gaps.waiting(tx) == 1
        await tx.run("delete from gap_question")
        assert await gaps.waiting(tx) == 0
