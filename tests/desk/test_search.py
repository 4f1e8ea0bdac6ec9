"""Finding at the desk: Chinese words and parts of them, by whoever may see it, as it stands now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang.codes import claims, minted
from mashang.conversations import recalling, timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.customers import customer
from mashang.desk import search_index
from mashang.desk.excerpt import Piece, excerpt, words_of
from mashang.desk.search import more_talks, search
from mashang.desk.search_index import Indexer
from mashang.kit.sealing import Sealer
from tests.desk.conftest import PASSWORD

SEALER = Sealer(bytes(32))


async def say(floor, talk, text, *, author="customer", audience="everyone", file=None):
    await timeline.append(
        floor.tx,
        NewEntry(
            conversation_id=await floor.row(talk), author=Author(author), audience=audience, text=text,
            kind="file" if file else "text", data={"name": file} if file else None,
        ),
    )  # fmt: skip


async def find(floor, typed, agent=None):
    return await search(floor.tx, SEALER, agent or floor.supervisor, typed, "zh-CN")


async def talks(floor, typed, agent=None):
    return [hit.conversation.id for hit in (await find(floor, typed, agent)).talks]


async def index_all(floor):
    """As the sweep does once the messages have settled."""
    await floor.tx.run(
        """
        insert into search_entry
        select e.conversation_id, e.seq, e.at, search_pairs(e.text) from entry e where e.kind = 'text';
        update search_progress set indexed_until = (select max(at) from entry)
        """
    )


# ── what was said ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    ["到账", "没到", "50元的", "ＱＱ会员", "qq会员", "Steam", "tea", "到账 会员", "没到账\n怎么办", "\U00020bb7野"],
)
@pytest.mark.parametrize("indexed", [False, True])
async def test_a_part_of_a_sentence_finds_it(floor, typed, indexed):
    talk = await floor.conversation(floor.recharge)
    await say(floor, talk, "我充了50元的QQ会员和 STEAM 卡，还没到账\n怎么办？\U00020bb7野家")
    await say(floor, await floor.conversation(floor.recharge), "别的事")
    if indexed:
        await index_all(floor)
    assert await talks(floor, typed) == [talk]


@pytest.mark.parametrize("typed", ["到", "账到", "没账", "到账 退款", "%%", "会员卡", "x", "   "])
@pytest.mark.parametrize("indexed", [False, True])
async def test_what_was_not_said_is_not_found(floor, typed, indexed):
    await say(floor, await floor.conversation(floor.recharge), "会员没到账，卡也没有")
    if indexed:
        await index_all(floor)
    assert await talks(floor, typed) == []


async def test_the_newest_hit_stands_for_its_conversation_with_the_words_marked(floor):
    talk = await floor.conversation(floor.recharge)
    for text in ("我要退款", "别的", "请尽快退款好吗"):
        await say(floor, talk, text)
    [hit] = (await find(floor, "退款")).talks
    assert (hit.seq, hit.more, hit.author) == (3, 1, "customer")
    assert hit.excerpt == [Piece("请尽快"), Piece("退款", found=True), Piece("好吗")]


@pytest.mark.parametrize("indexed", [False, True])
async def test_what_was_said_in_many_conversations_comes_page_by_page_and_each_once(floor, indexed):
    many = [await floor.conversation(floor.recharge) for _ in range(45)]
    for round_ in range(3):  # the older hits of a conversation must not bring it again
        for talk in many:
            await say(floor, talk, f"第{round_}次催退款")
    if indexed:
        await index_all(floor)
    first = await find(floor, "退款")
    pages = [[hit.conversation.id for hit in first.talks]]
    await say(floor, many[0], "还是要退款")  # meanwhile: what was shown does not move what follows
    at = first.next
    while at:
        page = await more_talks(floor.tx, floor.supervisor, "退款", at, "zh-CN")
        pages.append([hit.conversation.id for hit in page.talks])
        at = page.next
    assert [len(page) for page in pages] == [20, 20, 4]
    assert [talk for page in pages for talk in page] == many[:0:-1]
    nobody = await more_talks(floor.tx, floor.aqiang, "退款", first.next or "", "zh-CN")
    assert (nobody.talks, nobody.next) == ([], None)


@pytest.mark.parametrize("indexed", [False, True])
async def test_no_page_stands_still_or_leaves_one_out_where_all_was_said_at_one_instant(floor, indexed):
    many = [await floor.conversation(floor.recharge) for _ in range(24)]
    for talk in [many[12]] * 230 + many:  # one says it more often than is read at a time
        await say(floor, talk, "我要退款")
    await floor.tx.run("update entry set at = (select max(at) from entry)")
    if indexed:
        await index_all(floor)
    page = await find(floor, "退款")
    found = [hit.conversation.id for hit in page.talks]
    for _ in range(5):
        if page.next:
            page = await more_talks(floor.tx, floor.supervisor, "退款", page.next, "zh-CN")
            found += [hit.conversation.id for hit in page.talks]
    assert page.next is None
    assert found == many[::-1]


async def test_files_are_found_by_name_and_notes_by_their_words_but_no_greeting(floor):
    talk = await floor.conversation(floor.recharge)
    await say(floor, talk, "", file="付款截图.png")
    await say(floor, talk, "这位客户很着急", author="agent", audience="staff")
    await say(floor, talk, "欢迎光临小店", author="system")
    assert await talks(floor, "截图") == await talks(floor, "很着急") == [talk]
    assert await talks(floor, "光临") == []


async def test_everybody_finds_only_what_they_may_see(floor):
    mine = await floor.conversation(floor.recharge, customer="甲先生", topic=None)
    other = await floor.conversation(floor.after_sale, customer="甲小姐")
    for talk in (mine, other):
        await say(floor, talk, "同一句话")
    for indexed in (False, True):
        if indexed:
            await index_all(floor)
        assert await talks(floor, "一句", floor.xiaomei) == [mine]
        assert await talks(floor, "一句", floor.aqiang) == [other]
        assert await talks(floor, "一句") == [other, mine]


async def test_words_that_were_taken_back_are_found_no_more(floor):
    talk = await floor.conversation(floor.recharge)
    await say(floor, talk, "我的秘密计划")
    await index_all(floor)
    assert await talks(floor, "秘密") == [talk]
    await floor.tx.run("update entry set text = ''")
    assert await talks(floor, "秘密") == []


# ── customers, orders, codes ────────────────────────────────────────────────


async def test_customers_are_found_by_name_account_and_masked_claim_where_one_sees_a_conversation(floor):
    floor.customers["林小姐"] = await floor.tx.value(
        """insert into customer (public_id, site_id, shop_id, subject, name)
           select 'linlinlin', id, shop_id, 'user-4711', '林小姐' from site returning id"""
    )
    talk = await floor.conversation(floor.recharge, customer="林小姐")
    visitor = await floor.customer("")
    await customer.claim(floor.tx, SEALER, await customer.by_id(floor.tx, visitor), "13812345678")
    claimed = await floor.conversation(floor.recharge)
    for typed in ("小姐", "林小", "USER-47", "4711"):
        [hit] = (await find(floor, typed, floor.xiaomei)).customers
        assert (hit.customer.name, hit.account, hit.conversations, hit.latest) == ("林小姐", "user-4711", 1, talk)
        assert (await find(floor, typed, floor.aqiang)).customers == []
    [hit] = (await find(floor, "5678")).customers
    assert (hit.customer.claim_masked, hit.latest) == ("138••••5678", claimed)
    assert (await find(floor, "12345678")).customers == []  # what is sealed stays sealed


async def test_orders_are_found_by_a_part_of_their_number(floor):
    first, second = [await floor.conversation(floor.recharge) for _ in range(2)]
    await floor.tx.run("update conversation set order_number = 'QN20261122-0007'")
    [hit] = (await find(floor, "1122-00")).orders
    assert (hit.number, hit.conversation.id) == ("QN20261122-0007", second)
    assert first != second
    assert (await find(floor, "qn2026", floor.aqiang)).orders == []


async def test_codes_lead_to_their_latest_conversations(floor):
    await floor.tx.run(
        """insert into topic (public_id, code, name, department_id)
           select 'cz', 'CZ', '充值问题', min(id) from department"""
    )
    talk = await floor.conversation(floor.recharge, topic="CZ")
    for typed in ("cz", "充值问"):
        [hit] = (await find(floor, typed)).codes
        assert (hit.code, hit.name, [row.id for row in hit.conversations]) == ("CZ", "充值问题", [talk])


async def test_a_minted_code_is_found_where_it_was_given_and_nowhere_else(floor):
    talk = await floor.conversation(floor.recharge)
    given = minted.draw()
    who = await customer.by_id(floor.tx, await floor.customer(""))
    found = minted.minted_body(minted.written(given).replace("-", ""))
    assert found is not None
    await claims.note(floor.tx, SEALER, await floor.row(talk), who, found)
    [hit] = (await find(floor, minted.written(given))).codes
    assert [row.id for row in hit.conversations] == [talk]
    assert (await find(floor, minted.written(given), floor.aqiang)).codes == []
    assert (await find(floor, minted.written(minted.draw()))).codes == []


# ── the sweep ───────────────────────────────────────────────────────────────


@pytest.fixture(autouse=True)
def whole_sweep(monkeypatch):
    """A sweep goes on until nothing is left: how far it gets in its twentieth of the time is the machine's affair."""
    monkeypatch.setattr(search_index, "_AT_MOST", 60.0)


async def test_the_sweep_comes_after_the_message_and_leaves_the_last_seconds(database, committed, clock):
    talk = await committed.conversation(committed.floor.recharge)
    async with database.transaction() as tx:
        committed.floor.tx = tx
        await say(committed.floor, talk, "等一会儿再编入")
    indexer = Indexer(database)
    assert await indexer.sweep() == 0
    await clock.advance(timedelta(minutes=1))
    assert await indexer.sweep() == 1
    assert await indexer.sweep() == 0
    async with database.transaction() as tx:
        committed.floor.tx = tx
        assert await talks(committed.floor, "编入") == [talk]


async def test_a_message_whose_transaction_ends_late_is_not_passed_over(database, committed, monkeypatch):
    monkeypatch.setattr(search_index, "_SETTLES", timedelta(0))
    talk = await committed.conversation(committed.floor.recharge)
    indexer = Indexer(database)
    async with database.transaction() as tx:
        committed.floor.tx = tx
        await say(committed.floor, talk, "提交得很晚")
        assert await indexer.sweep() == 0
    assert await indexer.sweep() == 1


async def test_what_was_taken_back_leaves_the_index_too(database, committed, clock):
    floor = committed.floor
    talk = await committed.conversation(floor.recharge)
    async with database.transaction() as tx:
        floor.tx = tx
        who = await floor.customer("")
        entry = NewEntry(
            conversation_id=await floor.row(talk), author=Author("customer"), author_id=who, text="说错话了"
        )
        said = await timeline.append(tx, entry)
    indexer = Indexer(database)
    await clock.advance(timedelta(minutes=1))
    assert await indexer.sweep() == 1
    async with database.transaction() as tx:
        await recalling.recall(tx, said.conversation_id, said.seq, Author("customer"), who)
    await clock.advance(timedelta(minutes=1))
    await indexer.sweep()
    async with database.transaction() as tx:
        floor.tx = tx
        assert await tx.value("select count(*) from search_entry") == 0
        assert await talks(floor, "说错") == []


async def test_what_is_taken_back_while_it_is_being_indexed_leaves_the_index_too(database, committed, clock):
    floor = committed.floor
    talk = await committed.conversation(floor.recharge)
    async with database.transaction() as tx:
        floor.tx = tx
        who, number = await floor.customer(""), await floor.row(talk)
        said = await timeline.append(
            tx, NewEntry(conversation_id=number, author=Author("customer"), author_id=who, text="说错话了")
        )
    await clock.advance(timedelta(minutes=1))
    async with database.transaction() as sweeping:  # it has read the words, and has not told anybody yet
        await search_index._index(sweeping, said.at - timedelta(seconds=1), said.at)
        async with database.transaction() as tx:
            await recalling.recall(tx, number, said.seq, Author("customer"), who)
            await search_index.forget(tx, number, said.seq)
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from search_entry") == 1
    await clock.advance(timedelta(minutes=1))
    await Indexer(database).sweep()
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from search_entry") == 0


async def test_a_clock_that_was_set_back_loses_nothing(database, committed, clock):
    await clock.advance(timedelta(hours=2))
    indexer = Indexer(database)
    await indexer.sweep()
    await clock.advance(timedelta(hours=-2))
    await indexer.sweep()
    talk = await committed.conversation(committed.floor.recharge)
    async with database.transaction() as tx:
        committed.floor.tx = tx
        await say(committed.floor, talk, "时钟拨回以后")
        assert await talks(committed.floor, "拨回") == [talk]
    await clock.advance(timedelta(minutes=1))
    assert await indexer.sweep() == 1


# ── over HTTP ───────────────────────────────────────────────────────────────


async def test_the_search_is_for_the_staff_and_says_what_is_wrong(browser, committed):
    stranger = browser()
    assert (await stranger.get("/desk/search?q=充值")).status_code == 401
    desk = browser()
    await desk.sign_in("xiaomei", PASSWORD)
    assert (await desk.get("/desk/search?q=充值")).json() == {
        "talks": [], "next": None, "customers": [], "orders": [], "codes": []
    }  # fmt: skip
    for wrong in ("", "q=", "q=" + "长" * 101, "q=%00%00"):
        assert (await desk.get(f"/desk/search?{wrong}")).status_code in (400, 422)
    answers = {(await desk.get("/desk/search?q=充值")).status_code for _ in range(60)}
    assert answers == {200, 429}


def test_an_excerpt_begins_near_the_words_and_marks_folded_characters():
    line = "前" * 50 + "㎏和ＡＢ" + "后" * 100
    pieces = excerpt(line, words_of("kg ab"))
    assert pieces[0] == Piece("…")
    assert [piece.text for piece in pieces if piece.found] == ["㎏", "ＡＢ"]
    assert pieces[-1] == Piece("…")
    assert len("".join(piece.text for piece in pieces)) < 100
