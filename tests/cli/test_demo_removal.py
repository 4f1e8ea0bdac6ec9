"""`mashang remove-demo`: the demo goes with all that was said in it, one's own stays, nobody is locked out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mashang.app import create_app
from mashang.cli.check import check
from mashang.cli.restore import restore
from mashang.kit import settings as product_settings
from mashang.kit.db import Database
from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.settings import Settings
from mashang.shops import site as sites
from mashang.shops.looks import Looks
from mashang.staff import agents
from mashang.staff.agents import AgentDraft
from mashang.staff.departments import present
from tests import scene
from tests.browsing import Browser
from tests.folders import open_folder
from tests.scene import PASSWORD
from tests.upgrade.morning import STATES, mashang

# What comes to be about the demo's customers and talks while it is used: all of it goes with them.
_DERIVED = (
    "matter", "offer_outcome", "offer_view", "code_reminder", "consultation", "shop_action", "card_reveal", "provider",
    "tracking", "incident", "affected",
)  # fmt: skip
_OFFERED = """
    with someone as (select c.id, c.shop_id from customer c where c.shop_id is not null limit 1),
        matter as (
            insert into matter (shop_id, order_number, subject, kind, text, since, told_at)
            select shop_id, 'QN1', 'c-1', 'refund_stuck', '退款卡住了', app_now(), app_now() from someone returning id),
        offered as (
            insert into offer_outcome (public_id, customer_id, matter_id)
            select 'o1', someone.id, matter.id from someone, matter),
        looked as (
            insert into offer_view (site_id, day, visitor, path, customer_id)
            select (select min(id) from site), current_date, 'v', '/p/1', id from someone),
        code as (
            insert into minted_code (public_id, code_hash, sealed, shop_id, subject, order_number, minted_by)
            select 'm1', 'h', 's', shop_id, 'c-1', 'QN1', 'shop' from someone returning id),
        there as (
            select c.id as talk, s.shop_id from conversation c join site s on s.id = c.site_id
            where s.shop_id is not null order by c.id limit 1),
        acted as (
            insert into shop_action (public_id, shop_id, order_number, action, round, key, subject, asked_by, agent_id,
                conversation_id)
            select 'a1', shop_id, 'QN1', 'resend', 1, 'k1', 'c-1', 'agent', (select min(id) from agent), talk
            from there),
        revealed as (
            insert into card_reveal (shop_id, order_number, line, agent_id, conversation_id, reason)
            select shop_id, 'QN1', 'l1', (select min(id) from agent), talk, '核对' from there),
        carried as (
            insert into provider (public_id, shop_id, kind, secret_sealed) select 'p1', shop_id, 'alipay', ''
            from there),
        tracked as (
            insert into tracking (shop_id, carrier_code, number, ask_again_at)
            select shop_id, 'yuantong', 'YT1', app_now() from there),
        broken as (
            insert into incident (public_id, source, shop_id, told_as, title, starts_at)
            select 'i1', 'shop', shop_id, 'inc-1', '维护', app_now() from there returning id),
        hit as (
            insert into affected (incident_id, conversation_id) select broken.id, talk from broken, there),
        reminded as (
            insert into code_reminder (minted_code_id, ends_at, channel) select id, 'infinity', 'web' from code)
    insert into consultation (conversation_id, opened_at, department_id, while_closed, outcome, settled, looked_at)
    select c.id, c.opened_at, c.department_id, false, 'waiting', false, app_now() from conversation c
    join site s on s.id = c.site_id where s.shop_id is not null order by c.id limit 1
"""


@pytest.fixture
def morning() -> Iterator[Settings]:
    """The demo with a morning's conversations, and how its database is reached."""
    with open_folder() as folder:
        home = folder / "home"
        chosen = product_settings.load({}, home=home, log_level="warning")
        restore(chosen, min(STATES.glob("*.backup")), replace=False)
        with EmbeddedPostgres(home / "postgres", durable=False) as server:
            yield product_settings.load({}, home=home, database_url=server.dsn, log_level="warning")


def run(chosen: Settings) -> tuple[int, str]:
    return mashang(chosen.home, "remove-demo", "--yes", MASHANG_DATABASE_URL=chosen.database_url or "")


def rows(chosen: Settings, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(chosen.database_url or "") as connection:
        return connection.execute(sql.encode()).fetchall()


def _how_many(chosen: Settings) -> list[int]:
    return [rows(chosen, f"select count(*) from {name}")[0][0] for name in _DERIVED]


async def test_the_demo_goes_and_what_is_ones_own_stays(morning: Settings) -> None:
    assert mashang(morning.home, "starter-knowledge", MASHANG_DATABASE_URL=morning.database_url or "")[0] == 0
    assert rows(morning, "select bool_or(body like '%**CZ**%') from article_text") == [(True,)]
    db = await Database.connect(morning.database_url or "", pool_size=2)
    async with db.transaction() as tx:
        recharge = next(one for one in await present(tx) if one.name == "充值")
        boss = await scene.an_agent(tx, "boss", "老板", recharge, role="operator")
        shop_id = await tx.value("select id from shop")
        own = await sites.create(tx, name="自己的", origins=["https://own.example"], shop_id=shop_id, looks=Looks())
        visitor = await scene.a_visitor(tx, own)
        await scene.Scene(recharge, boss, own, visitor).conversation(tx)
        await agents.edit(tx, boss, boss.public_id, AgentDraft("boss", "老板", "operator", 5, [recharge.public_id]))
    await db.close()
    files = list(morning.files.glob("??/*"))
    assert files
    with psycopg.connect(morning.database_url or "") as connection:
        connection.execute(_OFFERED)
        connection.execute(b"update phrasing set conversation_id = (select min(id) from conversation) where id = 1")
    taught = rows(morning, "select count(*) from phrasing")
    assert all(_how_many(morning))
    status, said = run(morning)
    assert status == 0, said
    assert "王店长" in said
    assert rows(morning, "select count(*), count(conversation_id) from phrasing") == [(taught[0][0], 0)]
    assert not any(_how_many(morning))
    assert "4 conversations" in said
    assert rows(morning, "select login from agent where archived_at is null") == [("boss",)]
    assert rows(morning, "select name from site") == [("自己的",)]
    assert rows(morning, "select name from department where archived_at is null") == [("充值",)]  # one's own are in it
    assert rows(morning, "select count(*) from topic where archived_at is null") == [(0,)]
    named = "select bool_or(codes <> '{}'), bool_or(body ~ '[*][*][A-Z0-9]{2,3}[*][*]') from article a"
    assert rows(morning, f"{named} join article_text t on t.article_id = a.id") == [(False, False)], "codes that went"
    assert rows(morning, "select count(*), count(distinct site_id) from conversation") == [(1, 1)]
    assert rows(morning, "select count(*) from shop") == [(0,)]
    assert not any(path.exists() for path in files)
    assert not (morning.home / "demo.json").exists()
    assert rows(morning, "select action from audit order by id desc limit 1") == [("demo.removed",)]
    assert run(morning) == (1, "There is no demo, or it was taken away already.\n")


async def test_an_operator_takes_it_away_in_the_desk_while_the_product_runs(morning: Settings) -> None:
    app = create_app(morning)
    async with app.lifespan():
        db = app.state.parts.db
        async with db.transaction() as tx:
            await scene.an_agent(tx, "boss", "老板", role="operator")
            await scene.an_agent(tx, "helper", "副手", role="supervisor")
            own = await sites.create(tx, name="自己的", origins=[], shop_id=None, looks=Looks())
            department = (await present(tx))[0]
            mine = scene.Scene(department, None, own, await scene.a_visitor(tx, own))
            kept = await mine.conversation(tx)
        boss, helper = Browser(app), Browser(app)
        await boss.sign_in("boss", PASSWORD)
        await helper.sign_in("helper", PASSWORD)
        assert (await helper.get("/admin/demo")).status_code == 403
        assert (await helper.delete("/admin/demo")).status_code == 403
        going = (await boss.get("/admin/demo")).json()
        assert (going["sites"], going["shops"], going["conversations"]) == (["青柠数卡"], ["青柠数卡"], 4)
        assert "王店长" in going["people"]
        assert "老板" not in going["people"]
        assert (await boss.delete("/admin/demo")).status_code == 204
        assert (await boss.get("/admin/demo")).json() is None
        assert (await boss.delete("/admin/demo")).json()["code"] == "no_demo"
        assert (await boss.get("/staff/me")).status_code == 200
        assert [one["id"] for one in (await boss.get("/desk/conversations")).json()["rows"]] == [kept.public_id]
        line = (await boss.get("/admin/audit")).json()["lines"][0]
        assert (line["action"], line["by"]["name"], line["before"]["conversations"]) == ("demo.removed", "老板", 4)
    assert [path.name for path in morning.home.iterdir() if path.name.startswith("demo")] == []


async def test_nobody_is_locked_out_and_nothing_goes(morning: Settings) -> None:
    status, said = run(morning)
    assert (status, "add one of your own first" in said) == (1, True), said
    assert rows(morning, "select count(*) from conversation") == [(4,)]
    assert json.loads((morning.home / "demo.json").read_text("utf-8"))["people"]
    assert check(morning, None)


def test_a_code_that_ones_own_operator_changed_stays(morning: Settings) -> None:
    with psycopg.connect(morning.database_url or "") as connection:
        connection.execute(
            "insert into agent (public_id, login, name, role, password_hash)"
            " values ('b', 'boss', '老板', 'operator', '')"
        )
        connection.execute("insert into audit (agent_id, action, subject) select id, 'topic.edited', 'CZ' from agent"
                           " where login = 'boss'")  # fmt: skip
    assert run(morning)[0] == 0
    assert rows(morning, "select code from topic where archived_at is null") == [("CZ",)]
    assert rows(morning, "select name from department where archived_at is null") == [("充值",)]


async def test_who_of_the_demo_serves_ones_own_customers_is_named_and_nothing_goes(morning: Settings) -> None:
    db = await Database.connect(morning.database_url or "", pool_size=2)
    async with db.transaction() as tx:
        await scene.an_agent(tx, "boss", "老板", role="operator")
        own = await sites.create(tx, name="自己的", origins=[], shop_id=None, looks=Looks())
        department, mei = (await present(tx))[0], await agents.of_login(tx, "xiaomei")
        await scene.Scene(department, mei, own, await scene.a_visitor(tx, own)).served(tx)
    await db.close()
    status, said = run(morning)
    assert (status, "小美 still serves" in said) == (1, True), said
    assert rows(morning, "select count(*) from conversation") == [(5,)]


def test_there_is_no_demo_to_remove(tmp_path: Path, dsn: str) -> None:
    status, said = mashang(tmp_path / "home", "remove-demo", "--yes", MASHANG_DATABASE_URL=dsn)
    assert (status, said) == (1, "There is no demo, or it was taken away already.\n")
