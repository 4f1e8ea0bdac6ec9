"""The pages arrive as what they are, small, and under a policy of their own."""

from __future__ import annotations

import gzip

import httpx
import msgspec
import pytest

from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests.channels.conftest import Served, running


@pytest.mark.parametrize("path", ["/", "/chat", "/desk", "/desk/work/x", "/docs"])
async def test_a_page_is_html_that_loads_from_us_alone(served: Served, path: str) -> None:
    answer = await served.client().get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "http" not in policy.split("frame-ancestors")[0].replace("https://shop.example", "")


async def test_a_strange_host_does_not_get_into_the_policy(served: Served) -> None:
    answer = await served.client(host="evil.example; script-src *").get("/")
    assert "evil" not in answer.headers.get("content-security-policy", "")


async def test_the_loader_is_compressed_for_who_understands_it_and_whole_for_who_does_not(served: Served) -> None:
    http = served.client()
    async with http.stream("GET", "/widget.js", headers={"accept-encoding": "gzip"}) as answer:
        small = b"".join([chunk async for chunk in answer.aiter_raw()])
    whole = await http.get("/widget.js", headers={"accept-encoding": "identity"})
    assert gzip.decompress(small) == whole.content
    assert len(small) < len(whole.content)
    assert whole.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    ["/assets/../../package.json", "/assets/%2e%2e/%2e%2e/package.json", "/assets/none.js", "/docs/../../README.md"],
)
async def test_nothing_outside_the_built_pages_is_served(served: Served, path: str) -> None:
    answer = await served.client().get(path)
    assert answer.status_code == 404


async def test_health_and_metrics_answer_and_metrics_only_here(served: Served) -> None:
    http = served.client()
    assert (await http.get("/health/live")).json() == {"status": "live"}
    assert (await http.get("/health/ready")).json()["status"] == "ready"
    page = await served.visitor()
    await page.open(code="CZ")
    async with page.live():
        told = (await http.get("/metrics")).text
    assert 'mashang_conversations{status="waiting"} 1.0' in told
    assert 'mashang_sockets{audience="everyone"} 1.0' in told
    assert "mashang_knowledge_answers 0.0" in told


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
async def test_metrics_are_not_told_to_whoever_comes_through_a_proxy_beside_us(served: Served, header: str) -> None:
    assert (await served.client(**{header: "203.0.113.9"}).get("/metrics")).status_code == 404


@pytest.mark.parametrize(("given", "status"), [("let-me-read", 200), ("let-me-rea", 404), ("-", 404)])
async def test_metrics_are_told_to_whoever_has_the_token(database: Database, settings: Settings, given, status) -> None:
    far = {"X-Forwarded-For": "203.0.113.9", "Authorization": f"Bearer {given}"}
    guarded = msgspec.structs.replace(settings, metrics_token="let-me-read")
    async with running(guarded) as url, httpx.AsyncClient(base_url=url, headers=far) as http:
        assert (await http.get("/metrics")).status_code == status
