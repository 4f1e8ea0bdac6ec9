"""Who asks is believed from a proxy only when that proxy is named: a header alone moves nobody's address."""

from __future__ import annotations

import httpx
import msgspec
import pytest

from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests import scene
from tests.channels.conftest import running
from tests.scene import PASSWORD

SPOOFED = "203.0.113.77"


@pytest.mark.parametrize(
    ("trusted", "believed"),
    [("", "127.0.0.1"), ("10.0.0.9", "127.0.0.1"), ("127.0.0.1", SPOOFED), ("10.0.0.9,127.0.0.1", SPOOFED)],
)
async def test_a_forwarded_address_counts_from_a_named_proxy_alone(
    database: Database, settings: Settings, trusted: str, believed: str
) -> None:
    async with database.transaction() as tx:
        await scene.build(tx)
    async with (
        running(msgspec.structs.replace(settings, trusted_proxies=trusted)) as url,
        httpx.AsyncClient(base_url=url + "/api/v1", headers={"x-forwarded-for": SPOOFED}) as desk,
    ):
        await desk.get("/staff/first-run")
        answer = await desk.post(
            "/staff/sign-in",
            json={"login": "xiaomei", "password": PASSWORD},
            headers={"x-csrf-token": desk.cookies["mashang_csrf"]},
        )
        assert answer.status_code == 200, answer.text
    async with database.transaction() as tx:
        assert await tx.value("select address from staff_session") == believed


async def test_of_a_chain_the_last_stranger_counts_not_what_the_client_wrote_before(
    database: Database, settings: Settings
) -> None:
    async with database.transaction() as tx:
        await scene.build(tx)
    chain = {"x-forwarded-for": f"1.2.3.4, {SPOOFED}"}  # the client wrote the first, our proxy added the second
    async with (
        running(msgspec.structs.replace(settings, trusted_proxies="127.0.0.1")) as url,
        httpx.AsyncClient(base_url=url + "/api/v1", headers=chain) as desk,
    ):
        await desk.get("/staff/first-run")
        token = {"x-csrf-token": desk.cookies["mashang_csrf"]}
        await desk.post("/staff/sign-in", json={"login": "xiaomei", "password": PASSWORD}, headers=token)
    async with database.transaction() as tx:
        assert await tx.value("select address from staff_session") == SPOOFED
