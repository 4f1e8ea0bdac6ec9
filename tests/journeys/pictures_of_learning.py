"""Pictures of what is learnt: gaps, an article's votes, the assistant's figures; and of the help centre in the chat."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.gallery import LONG, LONG_TEXT, Gallery
from tests.journeys.pages import ADMINISTRATION, STAFF
from tests.journeys.places import Chat, Desk, spaced
from tests.running import Product

pytestmark = pytest.mark.browser

ASKED = ("海外手机号能充话费吗", f"{LONG}说国外的手机号也可以充话费是真的吗", "日本的手机卡能不能充话费")
GAPS = """
    with made as (insert into gap (public_id) values ('asked'), ('searched') returning id, public_id),
    talk as (select id, row_number() over (order by id) as n from conversation)
    insert into gap_question (gap_id, source, conversation_id, question_seq, day, asker, kind, locale, words, folded,
        article, asked_at)
    select (select id from made where public_id = 'asked'), 'conversation', t.id, 0, null::date, null::bytea,
        'unanswered', 'zh-CN', w.words, w.words, null, now() - interval '2 hours'
    from talk t join unnest(array['{0}', '{1}', '{2}']) with ordinality w (words, n) on w.n = t.n
    union all select (select id from made where public_id = 'asked'), 'help_search', null, null, current_date,
        decode(md5(n::text), 'hex'), 'unanswered', 'zh-CN', '海外手机号充话费', 'x', null, now()
        from generate_series(1, 4) n
    union all select (select id from made where public_id = 'searched'), 'help_vote', null, null, current_date,
        decode(md5(n::text), 'hex'), 'wrong', 'zh-CN',
        case n when 1 then '退到哪张卡' else (select title from article_text w where w.article_id = a.id
            and w.version = a.published_version and w.locale = 'zh-CN') end, 'y', a.public_id, now()
        from generate_series(1, 3) n, article a where a.key = 'refund-rules'
"""
VOTES = """
    insert into help_read select current_date, id, 128 from article where key = 'refund-rules';
    insert into help_vote (day, article_id, voter, is_helpful, locale, version, words)
    select current_date, id, decode(md5(n::text), 'hex'), n > 4, 'zh-CN', published_version,
        case n when 1 then '退到哪张卡' when 2 then '{0}' else '' end
    from article, generate_series(1, 20) n where key = 'refund-rules'
"""
FIGURES = """
    insert into assistance (conversation_id, state) select id, 'serving' from conversation on conflict do nothing;
    update conversation set status = 'closed', closed_at = now(), agent_id = null
    where id % 3 = 0 and status <> 'closed'
"""


async def test_what_is_learnt(fresh_product: Product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "learning"), await open_page()
    for words in ASKED:
        visitor = await open_page(phone=True)
        await visitor.goto(fresh_product.url)
        chat = Chat(visitor)
        await chat.ask_the_assistant()
        await chat.say(words)
    await Desk.enter(page, fresh_product, "wang")
    fresh_product.sql("update gap_gathered set at = null, fully_at = null; delete from gap_question; delete from gap")
    fresh_product.sql(GAPS.format(*ASKED))
    fresh_product.sql(VOTES.format(LONG_TEXT[:60].replace("\n", " ")))
    await page.goto(fresh_product.url + STAFF["gaps"].path)
    await expect(page.get_by_text("帮助中心搜索 4 次")).to_be_visible()
    await gallery.take(page, "gaps")
    await page.get_by_role("link", name=re.compile("哪些情况可以退")).first.click()
    await expect(page.get_by_text("读过 128 次")).to_be_visible()
    await gallery.take(page, "votes")
    fresh_product.sql(FIGURES)
    await page.goto(fresh_product.url + ADMINISTRATION["assistant-figures"].path)
    await page.get_by_text("怎么算的").click()
    await expect(page.get_by_text("只是一份报告，不是证明")).to_be_visible()
    await gallery.take(page, "figures")


async def test_help_in_the_chat(fresh_product: Product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "help-in-chat"), await open_page(phone=True)
    await page.goto(fresh_product.url)
    await gallery.take(page, "first page")
    await page.get_by_role("button", name="帮助中心").click()
    sheet = page.get_by_role("dialog", name="帮助中心")
    await expect(sheet.get_by_role("searchbox")).to_be_visible()
    await gallery.take(page, "empty")
    await sheet.get_by_role("searchbox").fill("怎么养猫")
    await sheet.get_by_role("button", name=spaced("搜索")).press("Enter")
    await expect(sheet.get_by_text("没有找到")).to_be_visible()
    await gallery.take(page, "nothing found")
    await sheet.get_by_role("searchbox").fill("chongzhi")
    await expect(sheet.get_by_role("listitem").first).to_be_visible()
    await gallery.take(page, "found")
    await sheet.get_by_role("listitem").get_by_role("button").first.click()
    await expect(sheet.get_by_role("heading", level=3).first).to_be_visible()
    await gallery.take(page, "article")
    await page.keyboard.press("Escape")
    await Chat(page).ask_for_a_person()
    await page.get_by_role("button", name="更多").first.click()
    await expect(page.get_by_role("button", name="搜索帮助")).to_be_visible()
    await gallery.take(page, "more")
