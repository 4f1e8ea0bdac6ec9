"""Whether the product is well, for whoever runs it: alive, ready, and figures for Prometheus.

Figures of the installation are read from the database when they are asked for; figures of the process
come from the process that answers.  Does not: decide what to do about them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
from litestar import Request, Response, get
from litestar.di import NamedDependency
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from psycopg_pool import PoolTimeout

from mashang import __version__
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from mashang.knowledge.serving import Knowledge
from mashang.live.hub import Hub
from mashang.staff import presence

_CONVERSATIONS = Gauge("mashang_conversations", "Open conversations of the installation", ["status"])
_SOCKETS = Gauge("mashang_sockets", "Live sockets of this process, of customers (everyone) and staff", ["audience"])
_AGENTS = Gauge("mashang_agents_online", "Agents of the installation with a live desk")
_KNOWN = Gauge("mashang_knowledge_answers", "Articles that the finder of this process has learnt to answer with")
_OPEN = """
    select s.status, count(c.id)::int as open
    from unnest(array['assisted', 'waiting', 'active']) as s (status)
    left join conversation c on c.status = s.status and c.status <> 'closed'
    group by s.status
"""
_PROXIED = frozenset({"forwarded", "x-forwarded-for", "x-real-ip", "via"})


@get("/health/live", include_in_schema=False)
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@get("/health/ready", include_in_schema=False)
async def ready(db: NamedDependency[Database]) -> Response[dict[str, str]]:
    """The process and its database answer."""
    try:
        async with db.transaction() as tx:
            await tx.value("select app_now()")
    except (psycopg.Error, PoolTimeout):
        return Response({"status": "database does not answer"}, status_code=503)
    return Response({"status": "ready", "version": __version__})


@get("/metrics", include_in_schema=False)
async def metrics(
    request: Request[Any, Any, Any],
    settings: NamedDependency[Settings],
    db: NamedDependency[Database],
    hub: NamedDependency[Hub],
    knowledge: NamedDependency[Knowledge],
) -> Response[bytes]:
    """Prometheus metrics: for this machine, or with the token of MASHANG_METRICS_TOKEN."""
    address = request.client.host if request.client else ""
    # A proxy on this machine that nobody named in MASHANG_TRUSTED_PROXIES is no reason to tell its visitors.
    is_near = address in ("127.0.0.1", "::1") and not _PROXIED.intersection(request.headers)
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    token = settings.metrics_token
    if not is_near and not (token and ids.same(given, token)):
        return Response(b"", status_code=404)
    async with db.transaction() as tx:
        for row in await tx.all(_OPEN):
            _CONVERSATIONS.labels(row["status"]).set(row["open"])
        _AGENTS.set(len(await presence.online(tx)))
    audiences = Counter(socket.audience for socket in hub.sockets)
    for audience in ("everyone", "staff"):
        _SOCKETS.labels(audience).set(audiences[audience])
    _KNOWN.set(knowledge.learnt)
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


ROUTES = [alive, ready, metrics]
