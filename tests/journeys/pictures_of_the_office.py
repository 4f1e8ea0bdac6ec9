"""Pictures of the administration, the account, the first run and an empty installation; see `gallery`."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys.gallery import Gallery
from tests.journeys.pages import ADMINISTRATION, STAFF
from tests.journeys.places import Chat, Desk, Office, spaced
from tests.running import Product

pytestmark = pytest.mark.browser


async def test_the_administration(fresh_product, open_page, pictures) -> None:
    """Every page of it, as it is with the demo and some long names, and the form behind each."""
    visitor = await open_page(phone=True)
    await visitor.goto(fresh_product.url)
    await expect(Chat(visitor).code).to_be_visible()
    gallery, page = Gallery(pictures, "admin"), await open_page()
    await Desk.enter(page, fresh_product, "wang")
    await _open(page, fresh_product, "departments")
    links = await page.get_by_role("navigation", name="管理").get_by_role("link", include_hidden=True).all()
    assert {await link.get_attribute("href") for link in links} == {one.path for one in ADMINISTRATION.values()}
    await _long_things(Office(page))
    await _some_history(page, fresh_product)
    for name in ADMINISTRATION:
        await _open(page, fresh_product, name)
        await gallery.take(page, name)
        await _empty_form(page, gallery, name)
    await _filled_forms(Office(page), gallery, fresh_product)


async def _open(page: Page, product: Product, name: str) -> None:
    await page.goto(product.url + ADMINISTRATION[name].path)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


# A month of conversations, two thirds of them with a code; each eighth came while it was closed, some left.
_A_MONTH = """
    with begun as (
        insert into conversation (public_id, site_id, customer_id, status, department_id, topic_code, opening_key,
            opened_at, closed_at)
        select 'month' || i, c.site_id, c.id, 'closed', coalesce(t.department_id, d.id), t.code, 'month' || i,
            app_now() - i * interval '55 minutes', app_now() - i * interval '50 minutes'
        from generate_series(1, 700) i
        cross join (select id, site_id from customer order by id limit 1) c
        cross join (select id from department order by position limit 1) d
        left join topic t on i % 3 > 0 and t.id = (
            select id from topic where archived_at is null order by id offset (i * i) % 7 limit 1)
        returning id, opened_at, department_id, topic_code
    ), told as (
        insert into redemption (conversation_id, at, topic_id, typed, how, medium)
        select b.id, b.opened_at, t.id, case when b.id / 5 % 6 = 0 then '我要冲值' else b.topic_code end,
            (array['homophone', 'exact', 'exact', 'alias', 'button', 'in_text'])[1 + b.id / 5 % 6],
            (array['typed', 'typed', 'qr', 'scene', 'button', 'link'])[1 + b.id / 5 % 6]
        from begun b join topic t on t.code = b.topic_code
        returning conversation_id, topic_id, how, medium
    )
    insert into consultation (conversation_id, opened_at, department_id, topic_id, medium, how, while_closed, outcome,
        answer_seconds, wrong_turn, settled, looked_at)
    select b.id, b.opened_at, b.department_id, t.topic_id, t.medium, t.how, b.id % 8 = 0,
        case when b.id % 11 = 0 then 'left' else 'answered' end,
        case when b.id % 11 > 0 then (case when t.topic_id is null then 95 else 50 end)
            * (1 + (b.id * 37 % 101) / 25.0) * (1 + (b.id * 13 % 17) / 6.0) end,
        case when t.topic_id is not null and b.id % 23 = 0 then 'moved'
            when t.topic_id is not null and b.id % 29 = 0 then 'chose_again' end, true, app_now()
    from begun b left join told t on t.conversation_id = b.id;
    insert into code_count (day, what, topic_id, number)
    select app_now()::date, x.what, t.id, x.number
    from (values ('asked', 9), ('chosen', 4), ('chose_another', 2), ('chose_person', 1), ('expired', 3))
        x (what, number)
    cross join (select id from topic order by id limit 3) t
    union all values (app_now()::date, 'asked', null::bigint, 17), (app_now()::date, 'chosen', null, 12),
        (app_now()::date, 'chose_person', null, 2), (app_now()::date, 'unknown', null, 41)
"""


async def test_codes_on_paper(fresh_product, open_page, pictures) -> None:
    """A code's link and QR code, and the sheet that is printed."""
    gallery, page = Gallery(pictures, "codes"), await open_page()
    await Desk.enter(page, fresh_product, "wang")
    await _open(page, fresh_product, "topics")
    await page.get_by_role("button", name="CZ 的二维码和链接").click()
    await expect(page.get_by_role("img", name="CZ 的二维码")).to_be_visible()
    await gallery.take(page, "link")
    for name, only in (("sheet", ""), ("poster", "?only=CZ")):
        await page.goto(fresh_product.url + STAFF["print"].path + only)
        await expect(page.get_by_role("figure").first).to_be_visible()
        await gallery.take(page, name)


async def _some_history(page: Page, product: Product) -> None:
    """Campaign codes, somebody kept out, and a month of conversations."""
    product.sql(_A_MONTH)
    await _open(page, product, "campaigns")
    await page.get_by_role("button", name="生成活动码").first.click()
    form = Office(page).form
    await form.get_by_label("活动名称").fill("双十一预热")
    await form.get_by_role("button", name=spaced("保存")).click()
    await expect(page.get_by_text("双十一预热").first).to_be_visible()
    product.sql(
        "insert into customer_block (public_id, customer_id, reason, agent_id, until)"
        " select 'aaaaaaaaaaaaaaaa', c.id, '多次辱骂客服', a.id, app_now() + interval '1 day'"
        " from customer c, agent a where a.login = 'wang' limit 1"
    )


async def _empty_form(page: Page, gallery: Gallery, name: str) -> None:
    """As it opens, and refused because nothing was filled in."""
    button = ADMINISTRATION[name].form
    if not button:
        return
    form = Office(page).form
    await page.get_by_role("button", name=button).first.click()
    await expect(form).to_be_visible()
    await form.get_by_role("button", name=spaced("保存")).click()
    await expect(form.get_by_text("请填写此项").first).to_be_visible()
    await gallery.take(page, f"{name} refused")


async def _filled_forms(office: Office, gallery: Gallery, product: Product) -> None:
    page = office.page
    for name, one in (
        ("departments", "充值"), ("hours", "售后"), ("people", "小美"), ("topics", "充值问题"),
        ("sites", "青柠数卡"), ("shops", "青柠数卡"),
    ):  # fmt: skip
        await _open(page, product, name)
        await page.get_by_role("button", name=one, exact=True).click()
        await expect(office.form).to_be_visible()
        await gallery.take(page, f"{name} form")
        await gallery.take(page, f"{name} form end", top=office.form.locator(".ant-form-item").last)
    await office.form.get_by_role("button", name="开始测试").click()
    tested = office.form.get_by_text("项检查全部通过")
    await expect(tested).to_be_visible()
    await gallery.take(page, "shops tested", top=tested)


async def test_the_account(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "account"), await open_page()
    await Desk.enter(page, fresh_product, "xiaomei")
    await page.goto(fresh_product.url + STAFF["account"].path)
    await expect(page.get_by_label(STAFF["account"].seen)).to_be_visible()
    await gallery.take(page, "page")
    await gallery.take(page, "page end", top=page.get_by_role("heading", name="登录的设备"))
    await page.get_by_role("button", name=spaced("开启")).click()
    await page.get_by_label("当前密码").first.fill("not the password")
    await page.get_by_role("button", name="下一步").click()
    await gallery.take(page, "factor refused")
    office = Office(await open_page())
    await Desk.enter(office.page, fresh_product, "wang")
    await _open(office.page, fresh_product, "people")
    await office.page.get_by_role("switch", name="客服必须使用两步验证").click()
    await expect(office.page.get_by_role("switch", name="客服必须使用两步验证")).to_be_checked()
    await page.reload()
    await expect(page.get_by_role("heading", name="设置两步验证")).to_be_visible()
    await gallery.take(page, "factor demanded")


async def test_what_cannot_be_loaded(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "admin"), await open_page()
    await Desk.enter(page, fresh_product, "chen")
    await _open(page, fresh_product, "topics")
    await gallery.take(page, "topics for reading")
    await page.route("**/api/v1/**/departments*", lambda route: route.abort())
    await page.goto(fresh_product.url + ADMINISTRATION["departments"].path)
    await expect(page.get_by_role("button", name=spaced("重试"))).to_be_visible()
    await gallery.take(page, "departments unreachable")


async def _long_things(office: Office) -> None:
    form = await office.add("部门", "添加部门")
    await form.get_by_label("名称", exact=True).fill("游戏直充与会员卡密售前售后综合服务以及投诉处理与大客户关怀一部")
    await form.get_by_label("英文名称").fill("Top-ups and card keys, before and after the sale, complaints")
    await office.save()
    form = await office.add("咨询代码", "添加代码")
    await form.get_by_label("代码", exact=True).fill("ABCD1234")
    await form.get_by_label("名称", exact=True).fill("账号被风控限制以后充值失败或者到账延迟的申诉与资金退回流程咨询")
    await office.choose("部门", "售后")
    for alias in ("账号被风控了怎么办", "充值失败钱什么时候退", "申诉材料要准备什么", "资金冻结", "限制登录", "解封"):
        await form.get_by_label("别名").fill(alias)
        await form.get_by_label("别名").press("Enter")
    await office.save()


async def test_first_run_and_an_empty_installation(empty_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "first run"), await open_page()
    link = next(word for line in empty_product.said for word in line.split() if "/first-run#" in word)
    await page.goto(f"{empty_product.url}/")
    await expect(page.get_by_role("alert").or_(page.get_by_role("main")).first).to_be_visible()
    await gallery.take(page, "customer page before any site")
    await page.goto(link)
    await expect(page.get_by_label("再输入一次")).to_be_visible()
    await gallery.take(page, "form")
    await page.get_by_role("button", name="创建并进入工作台").click()
    await expect(page.get_by_text("请填写此项").first).to_be_visible()
    await gallery.take(page, "refused")
    await page.get_by_label("姓名").fill("店长")
    await page.get_by_label("登录账号").fill("boss")
    await page.get_by_label("密码", exact=True).fill("a long enough one")
    await page.get_by_label("再输入一次").fill("a long enough one")
    await page.get_by_role("button", name="创建并进入工作台").click()
    await expect(page.get_by_role("heading", name="开始使用")).to_be_visible()
    for name in ADMINISTRATION:
        await _open(page, empty_product, name)
        await gallery.take(page, f"no {name}")
    await page.get_by_role("link", name="工作台", exact=True).click()
    await gallery.take(page, "no work")
    await page.context.clear_cookies()
    await page.goto(link)
    await page.reload()
    await expect(page.get_by_text("这个链接已失效")).to_be_visible()
    await gallery.take(page, "dead link")
    await page.goto(f"{empty_product.url}/docs")
    await expect(page.get_by_role("heading", level=2).first).to_be_visible()
    await page.locator("summary").nth(3).click()
    await gallery.take(page, "api")
