"""A site whose shop is a dujiaoka database: proved and shown on both sides, and nobody waits for one that is gone."""

from __future__ import annotations

import pytest

from mashang.kit.db import Json
from mashang.kit.sealing import Sealer
from mashang.shops.reach import SECRET_PURPOSE
from tests.channels.conftest import Served
from tests.channels.test_look_up_password import typed
from tests.channels.test_proofs import beside
from tests.dujiaoka import KEY, MORE, NUMBER, PAGE, PASSWORD, Selling, cards, databases, mariadb

__all__ = ["cards", "databases", "mariadb"]


@pytest.fixture
async def served_by_cards(served: Served, cards: Selling) -> Served:
    """The product's site belongs to the dujiaoka shop."""
    settings = {"host": "127.0.0.1", "port": cards.mariadb.port, "database": cards.database, "user": cards.user}
    sealed = Sealer(served.settings.secret).seal(cards.password.encode(), SECRET_PURPOSE)
    said = {"contract": "1", "name": "卡密小铺", "proofs": ["look_up_password"], "reveals": True}
    async with served.database.transaction() as tx:
        await tx.run(
            "with made as (insert into shop (public_id, name, kind, base_url, settings, key_id, secret_sealed,"
            " capabilities) values ('s', '卡密小铺', 'dujiaoka', %s, %s, 'm1', %s, %s) returning id)"
            " update site set shop_id = made.id from made",
            (PAGE, Json(settings), sealed, Json(said)),
        )
    return served


async def test_an_order_is_a_claim_until_its_password_and_shown_masked_on_both_sides_then(
    served_by_cards: Served,
) -> None:
    visitor, desk = await served_by_cards.visitor(), await served_by_cards.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    _, context = await beside(desk, opened["id"])
    assert ("order" in context, context["claimed_order"]["number"]) == (False, NUMBER)
    assert (await typed(visitor, NUMBER, "zhen@example.com"))[0] == 403
    assert (await typed(visitor, NUMBER, PASSWORD))[0] == 200
    identity, context = await beside(desk, opened["id"])
    card = (await visitor.http.get(f"/orders/{NUMBER}")).json()
    assert identity["proved_by"] == "look_up_password"
    for order in (context["order"], card):
        assert [one["key_masked"] for one in order["lines"][0]["issue_record"]] == ["•••• 7Q2K", "•••• 9Z3M"]
        assert not any(secret in str(order) for secret in (KEY, PASSWORD, "zhen@"))


async def test_a_supervisor_reads_the_keys_for_a_reason_and_only_of_what_was_proved(served_by_cards: Served) -> None:
    async with served_by_cards.database.transaction() as tx:
        await tx.run("update agent set role = 'supervisor' where login = 'xiaomei'")
    visitor, desk = await served_by_cards.visitor(), await served_by_cards.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    wish = {"line": "1", "reason": "客户说卡密打不开"}
    assert (await desk.http.post(f"/desk/conversations/{opened['id']}/keys", json=wish)).status_code != 200
    await typed(visitor, NUMBER, PASSWORD)
    await beside(desk, opened["id"])
    shown = await desk.http.post(f"/desk/conversations/{opened['id']}/keys", json=wish)
    assert shown.json()["keys"] == [KEY, MORE]
    pressed = {"action": "resend", "line": "1", "round": 1, "reason": "没收到"}
    refused = await desk.http.post(f"/desk/conversations/{opened['id']}/actions", json=pressed)
    assert refused.json()["code"] == "action_not_offered"
    async with served_by_cards.database.transaction() as tx:
        assert await tx.value("select count(*) from shop_action") == 0


async def test_while_the_database_is_gone_conversations_open_and_no_try_is_used_up(served_by_cards: Served) -> None:
    visitor, desk = await served_by_cards.visitor(), await served_by_cards.agent()
    assert (await typed(visitor, NUMBER, PASSWORD))[0] == 200
    async with served_by_cards.database.transaction() as tx:
        await tx.run("update shop set settings = settings || '{\"port\": 1}'")
        await tx.run("update topic set context = '{order}'")
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    _, context = await beside(desk, opened["id"])
    assert (context["reason"], context["missing"]) == ("unreachable", ["order"])
    assert context["retry_at"]
    other = await served_by_cards.visitor()
    statuses = [(await typed(other, NUMBER, "guess"))[0] for _ in range(7)]
    assert set(statuses) == {503} or set(statuses) == {502}
    async with served_by_cards.database.transaction() as tx:
        assert await tx.value("select count(*) from proof_attempt where outcome = 'failed'") == 0
        await tx.run("update shop set settings = settings - 'port', down_until = null")
