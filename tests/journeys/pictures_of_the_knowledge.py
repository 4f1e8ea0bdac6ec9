"""Pictures of the knowledge at the desk: the list, an article as it is written, its versions, and two editors."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.journeys.confusing import confused
from tests.journeys.gallery import LONG, LONG_TEXT, Gallery
from tests.journeys.pages import STAFF
from tests.journeys.places import Chat, Desk, spaced

pytestmark = pytest.mark.browser

BODY = """先打开**我的订单**，看这笔订单的状态：

1. *付款中*：等 1 分钟再刷新。
2. *充值中*：运营商最慢 30 分钟，**请不要重复付款**。
3. *已完成*：请核对充值的号码。

| 商品 | 一般多久 |
| --- | --- |
| 话费 | 10 分钟 |
| 点卡 | 马上 |

> 超过 30 分钟没到，请把订单号发给我们。
"""
ASK = """async ([method, path, body]) => {
  const token = /mashang_csrf=([^;]*)/.exec(document.cookie)[1];
  const answer = await fetch("/api/v1/desk/knowledge" + path, {
    method, headers: { "content-type": "application/json", "x-csrf-token": token }, body: JSON.stringify(body) });
  return await answer.json();
}"""
NOTHING = """truncate phrasing, article_text, article_department, article_picture, article cascade;
    delete from article_category"""


async def _ask(page: Page, path: str, body: Any, method: str = "POST") -> Any:
    return await page.evaluate(ASK, [method, path, body])


async def _write(page: Page, title: str, body: str = BODY, **facts: Any) -> dict[str, Any]:
    texts = {"zh-CN": {"title": title, "body": body}, "en": {"title": "Recharge not arrived", "body": "Wait a bit."}}
    made: dict[str, Any] = await _ask(page, "/articles", {"texts": texts, **facts})
    return made


async def test_the_knowledge(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "knowledge"), await open_page()
    await Desk.enter(page, fresh_product, "wang")
    fresh_product.sql(NOTHING)
    await page.goto(fresh_product.url + STAFF["knowledge"].path)
    await expect(page.get_by_text("知识库还是空的")).to_be_visible()
    await gallery.take(page, "empty")
    await page.get_by_role("button", name="加入入门知识").press("Enter")
    await expect(
        page.get_by_role("heading", name="充值到账").or_(page.get_by_text("充值到账").first).first
    ).to_be_visible()
    await gallery.take(page, "begun")
    fresh_product.sql(NOTHING)
    await page.reload()
    await page.get_by_role("button", name="写文章").first.click()
    await page.get_by_role("button", name=spaced("保存草稿")).is_disabled()
    await gallery.take(page, "new")
    article = await _some(page)
    await page.goto(f"{fresh_product.url}{STAFF['knowledge'].path}")
    await expect(page.get_by_role("button", name=LONG)).to_be_visible()
    await gallery.take(page, "list")
    await page.get_by_role("button", name="管理分类").click()
    await gallery.take(page, "categories")
    await page.keyboard.press("Escape")
    await page.get_by_role("searchbox").or_(page.get_by_label("搜索标题、正文或问法")).first.fill("没有这样的文章")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("没有找到文章")).to_be_visible()
    await gallery.take(page, "nothing found")
    await page.goto(f"{fresh_product.url}/desk/knowledge/{article['id']}")
    await expect(page.get_by_role("cell", name="10 分钟")).to_be_visible()
    await gallery.take(page, "text")
    await _parts(page, gallery)
    await _moved(page, gallery, article)
    agent = await open_page()
    await Desk.enter(agent, fresh_product, "xiaomei")
    await agent.goto(f"{fresh_product.url}/desk/knowledge/{article['id']}")
    await expect(agent.get_by_role("cell", name="10 分钟")).to_be_visible()
    await gallery.take(agent, "reader")


async def _some(page: Page) -> dict[str, Any]:
    shelf = await _ask(page, "/categories", {"name": "充值到账", "name_en": "Recharge", "position": 1})
    pay = await _ask(page, "/categories", {"name": "支付与付款方式", "name_en": "Payment", "position": 2})
    article = await _write(page, "充值没到账怎么办", category=shelf["id"], codes=["CZ"])
    lines = ["充了没到", "钱扣了没给我充", "怎么还不到账", "点卡没到"]
    await _ask(page, f"/articles/{article['id']}/phrasings", {"locale": "zh-CN", "lines": lines})
    published = await _ask(page, f"/articles/{article['id']}/publish", {"version": 1})
    texts = {**published["texts"], "zh-CN": {"title": "充值没到账怎么办", "body": BODY.replace("30 分钟", "20 分钟")}}
    kept = ("category", "codes")
    await _ask(
        page, f"/articles/{article['id']}",
        {"texts": texts, "version": 2, **{name: published[name] for name in kept}}, "PUT",
    )  # fmt: skip
    await _write(page, LONG * 2, LONG_TEXT, category=shelf["id"], review_on="2020-01-01")
    ending = await _write(
        page, "双十一充值活动", category=pay["id"], valid_from="2026-11-01T00:00:00+08:00",
        valid_until="2027-11-12T00:00:00+08:00",
    )  # fmt: skip
    await _ask(page, f"/articles/{ending['id']}/publish", {"version": 1})
    await _write(page, "没有分类的文章")
    return article


async def _parts(page: Page, gallery: Gallery) -> None:
    await page.get_by_role("tab", name="问法").click()
    await page.get_by_label("添加问法").fill("点卡没到\n充值好慢啊\n😀")
    await page.get_by_role("button", name="添加 3 条").click()
    await expect(page.get_by_role("status").filter(has_text="已添加 1 条")).to_be_visible()
    await gallery.take(page, "phrasings")
    await page.get_by_role("tab", name="设置").click()
    await expect(page.get_by_label("复核日期")).to_be_visible()
    await gallery.take(page, "facts")
    await page.get_by_role("tab", name="历史版本").click()
    await page.get_by_text("第 2 版").click()
    await expect(page.get_by_role("region", name="改动").or_(page.get_by_label("改动")).first).to_be_visible()
    await gallery.take(page, "versions")


async def _moved(page: Page, gallery: Gallery, article: dict[str, Any]) -> None:
    """Somebody else saves while one writes."""
    await page.get_by_role("tab", name="正文").click()
    await page.get_by_label("正文（Markdown）").fill(f"{BODY}\n我写的最后一句。")
    kept = await _ask(
        page,
        f"/articles/{article['id']}",
        {"texts": {"zh-CN": {"title": "充值没到账怎么办", "body": f"别人先写的第一句。\n\n{BODY}"}}, "version": 3},
        "PUT",
    )
    assert kept["version"] == 4
    await page.get_by_role("button", name=spaced("保存草稿")).click()
    await expect(page.get_by_text("刚刚改过这篇文章")).to_be_visible()
    await gallery.take(page, "moved")


async def test_knowledge_in_files(fresh_product, open_page, pictures) -> None:
    """A file that would change something, one that is not right, and the way from a message to a phrasing."""
    gallery, page = Gallery(pictures, "knowledge-files"), await open_page()
    await Desk.enter(page, fresh_product, "wang")
    fresh_product.sql(NOTHING)
    await page.goto(fresh_product.url + STAFF["transfer"].path)
    await _write(page, "充值没到账怎么办")
    await expect(page.get_by_role("heading", name="导入导出")).to_be_visible()
    await gallery.take(page, "empty")
    await _choose(
        page, f"key,title,body,phrasings\nrecharge-not-arrived,充值不到账,{BODY[:7]},钱呢\nlong,{LONG},x,怎么\n"
    )
    await expect(page.get_by_role("button", name="确认导入，改动 2 篇")).to_be_visible()
    await gallery.take(page, "preview")
    await _choose(page, f"key,title,review_on\nrefund,{LONG},2027-02-31\nrefund,退款,\nrefund,退款,\n")
    await expect(page.get_by_text("没有做任何改动")).to_be_visible()
    await gallery.take(page, "problems")
    visitor = await open_page(phone=True)
    await visitor.goto(fresh_product.url)
    chat = Chat(visitor)
    await chat.enter("cz")
    await chat.say("充了半天都没到到底怎么回事啊")
    desk = await Desk.enter(await open_page(), fresh_product, "xiaomei")
    await desk.go_online()
    await desk.accept("访客")
    await desk.timeline.get_by_role("button", name="加入知识库问法").press("Enter")
    dialog = desk.page.get_by_role("dialog", name="加入知识库问法")
    await dialog.get_by_label("属于哪篇文章").fill("充值没")
    await expect(desk.page.locator(".ant-select-item-option")).to_have_count(1)
    await dialog.get_by_label("属于哪篇文章").press("Enter")
    await expect(dialog).to_contain_text("将提议")
    await gallery.take(desk.page, "from a message")


async def _choose(page: Page, table: str) -> None:
    file = FilePayload(name="知识库.csv", mimeType="text/csv", buffer=table.encode("utf-8-sig"))
    await page.locator("input[type=file]").set_input_files(file)


async def test_two_answers_taken_for_each_other(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "doctor"), await open_page()
    await Desk.enter(page, fresh_product, "wang")
    fresh_product.sql(NOTHING)
    fresh_product.sql("delete from knowledge_model")
    await page.goto(fresh_product.url + STAFF["doctor"].path)
    await expect(page.get_by_text("还没有体检过")).to_be_visible()
    await gallery.take(page, "empty")
    _, other = await confused(page, fresh_product, titles=("退款多久到账", LONG * 2))
    await page.reload()
    await expect(page.get_by_role("link", name="合并或区分").first).to_be_visible()
    await gallery.take(page, "pairs")
    await page.get_by_role("link", name="合并或区分").first.click()
    await expect(page.get_by_role("listitem").filter(has_text="被认成").first).to_be_visible()
    await gallery.take(page, "pair")
    await page.get_by_role("button", name="合并，保留这一篇：“退款多久到账”").press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("停用")
    await gallery.take(page, "merge")
    await page.get_by_role("dialog").get_by_role("button", name=spaced("合并"), exact=True).press("Enter")
    await expect(page.get_by_role("button", name=spaced("发布"))).to_be_visible()
    await page.goto(f"{fresh_product.url}/desk/knowledge/{other}")
    await expect(page.get_by_text("这篇文章已合并到")).to_be_visible()
    await gallery.take(page, "merged")
    fresh_product.sql(NOTHING)
    fresh_product.sql("update assistant set is_on = true; update knowledge_state set version = version + 1")
    for place in ("knowledge", "admin/assistant"):
        await page.goto(f"{fresh_product.url}/desk/{place}")
        await expect(page.get_by_text("智能助手现在不会自行作答")).to_be_visible()
        await gallery.take(page, f"{place[-9:]} silent")
