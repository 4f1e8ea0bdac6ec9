"""Every change by a supervisor or operator leaves a line in the audit: no route is forgotten, and each has words.

The table is the whole administration, in an order in which it can be done: each line is asked for real, and must leave
exactly the lines that stand beside it.  What is not in it is work on conversations, or no change, and says so below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from mashang.kit.db import Database, Tx
from tests import scene
from tests.bot.diagnosing import WHOLE
from tests.browsing import Browser
from tests.merchants import alipay_values
from tests.running import ROOT
from tests.scene import PASSWORD

API = "/api/v1"
DESCRIPTION = json.loads((ROOT / "web/protocol/generated/openapi.json").read_text("utf-8"))
OURS = re.compile(rf"{API}/(admin|staff|desk)/")
UNSAFE = {
    (method.upper(), path.removeprefix(API))
    for path, methods in DESCRIPTION["paths"].items()
    if OURS.match(path)
    for method in methods
    if method in ("post", "put", "delete")
}

# Serving customers: the timeline and the routing trace tell of it.
CONVERSATION_WORK = re.compile(r"/desk/(conversations|files|leave|customers|views|export)\b.*")
NO_CHANGE = {
    ("POST", "/admin/topics/lint"),
    ("POST", "/admin/topics/try"),
    ("POST", "/admin/offer-rules/try"),
    ("POST", "/admin/playbook-checks"),
    ("POST", "/admin/playbook-trials"),
    ("POST", "/admin/language-model/test"),
    ("POST", "/desk/knowledge/articles/{id}/propose"),
    ("POST", "/admin/shops/{id}/test"),
    ("POST", "/admin/providers/{id}/test"),
    ("POST", "/desk/knowledge/preview"),
    ("POST", "/desk/knowledge/example"),
    ("POST", "/desk/knowledge/import"),  # needs a file: tests/knowledge/test_transfer.py; each article has its line
    ("POST", "/desk/knowledge/articles/{id}/pictures"),  # an upload; the text that shows it has a line
    ("POST", "/desk/replies/pictures"),  # an upload; the reply that shows it has a line
    ("POST", "/staff/second-factor"),  # an offer; it counts when it is confirmed
    ("PUT", "/staff/alerts"),  # how one likes to be called
    ("PUT", "/staff/guide"),  # what one's own menu shows
    ("DELETE", "/admin/demo"),  # needs a demo: tests/cli/test_demo_removal.py
    ("PUT", "/staff/availability"),  # presence, not administration
    ("POST", "/staff/sign-out"),
    ("POST", "/staff/first-run"),  # needs an installation without people: tests/staff/test_first_run.py
    ("POST", "/staff/password-link"),  # needs somebody else's link: tests/staff/test_password_links.py
}

WEEK = [[{"opens": "09:00", "closes": "18:00"}]] * 7
PERSON = {"login": "ali", "name": "阿力", "role": "agent", "password": "eine-Losung-2026"}
REPLY = {"title": "问候", "shortcut": "hi", "text": "您好", "text_en": ""}
MACRO = {"title": "结束", "shortcut": "bye", "steps": {"note": "已处理"}}
TOPIC = {"code": "FP", "name": "发票", "department": "{department}"}
SHOP = {"name": "店", "base_url": "https://shop.example/connector/v1"}
PROVIDER = {"kind": "alipay", "values": alipay_values()}
OFFER = {"name": "开票", "code": "FP", "text": "要开票吗", "when": {"places": ["/orders"]}, "is_on": True}
CAMPAIGN = {"campaign": "双十一", "topic": "FP", "expires_at": (datetime.now(UTC) + timedelta(days=9)).isoformat()}
FAULT = {"title": "维护", "starts_at": datetime.now(UTC).isoformat()}
SHELF = {"name": "充值"}
ARTICLE = {"texts": {"zh-CN": {"title": "没到账", "body": "看订单"}}}
REWRITTEN = {"texts": {"zh-CN": {"title": "没到账", "body": "先看订单"}}}
ASKED = {"locale": "zh-CN", "lines": ["钱呢"]}
TO_SECOND = {"article": "{second}"}
SECOND = {"version": 5, "other": "{second}", "other_version": 1}
ENDED = {"campaign": "双十一", "expires_at": None}

GAP_LINES = ["article.created", "phrasing.added", "gap.filled"]

Step = tuple[str, str, Any, list[str], str]  # method, path, body, the lines it leaves, what its answer's id is called
STEPS: list[Step] = [
    ("POST", "/admin/departments", {"name": "开票"}, ["department.created"], "department"),
    ("PUT", "/admin/departments/{department}", {"name": "开票组"}, ["department.edited"], ""),
    ("PUT", "/admin/hours/{department}", {"week": WEEK}, ["hours.set"], ""),
    ("DELETE", "/admin/hours/{department}", None, ["hours.removed"], ""),
    ("POST", "/admin/people", PERSON, ["agent.created"], "person"),
    ("PUT", "/admin/people/{person}", {**PERSON, "name": "阿丽"}, ["agent.edited", "agent.password_set"], ""),
    ("POST", "/admin/people/{person}/password-link", None, ["password_link.made"], ""),
    ("POST", "/desk/board/people/{equipped}/away", None, ["agent.set_away"], ""),
    ("POST", "/desk/board/export", None, ["board.exported"], ""),
    ("POST", "/desk/code-figures/export", None, ["topic.figures_exported"], ""),
    ("DELETE", "/admin/blocks/{block}", None, ["customer.unblocked"], ""),
    ("DELETE", "/admin/people/{equipped}/second-factor", None, ["second_factor.reset"], ""),
    ("DELETE", "/admin/people/{person}", None, ["agent.archived"], ""),
    ("PUT", "/admin/patience", {"long_minutes": 3, "urgent_minutes": 9}, ["patience.set"], ""),
    ("PUT", "/admin/assistant", {"is_on": True, "name": "小码"}, ["assistant.set"], ""),
    ("PUT", "/admin/voice", {"recogniser": True}, ["voice.set"], ""),
    ("PUT", "/admin/language-model", {"tasks": ["draft"], "tokens_a_day": 5}, ["language_model.set"], ""),
    ("PUT", "/admin/second-factor-rule", {"roles": ["supervisor"]}, ["second_factor.rule"], ""),
    ("POST", "/admin/topics", TOPIC, ["topic.created"], "topic"),
    ("PUT", "/admin/topics/{topic}", {**TOPIC, "name": "开发票"}, ["topic.edited"], ""),
    ("POST", "/admin/campaign-codes", CAMPAIGN, ["campaign.minted"], "campaign"),
    ("POST", "/admin/campaign-codes/end", {**ENDED, "expires_at": CAMPAIGN["expires_at"]}, ["campaign.extended"], ""),
    ("POST", "/admin/campaign-codes/end", ENDED, ["campaign.ended"], ""),
    ("DELETE", "/admin/campaign-codes/{campaign}", None, ["campaign.revoked"], ""),
    ("POST", "/admin/offer-rules", OFFER, ["offer_rule.created"], "offer"),
    ("PUT", "/admin/offer-rules/{offer}", {**OFFER, "text": "要发票吗"}, ["offer_rule.edited"], ""),
    ("DELETE", "/admin/offer-rules/{offer}", None, ["offer_rule.archived"], ""),
    ("PUT", "/admin/offer-rules/limits", {"per_day": 2}, ["offer_limits.set"], ""),
    ("PUT", "/admin/topics/{topic}/end", {"expires_at": CAMPAIGN["expires_at"]}, ["topic.edited"], ""),
    ("PUT", "/admin/topics/{topic}/successor", {"successor": None}, ["topic.followed"], ""),
    ("POST", "/admin/ending-codes/export", None, ["topic.ending_exported"], ""),
    ("DELETE", "/admin/topics/{topic}", None, ["topic.archived"], ""),
    ("POST", "/admin/shops", SHOP, ["shop.created"], "shop"),
    ("PUT", "/admin/shops/{shop}", {**SHOP, "name": "新店"}, ["shop.edited"], ""),
    ("POST", "/admin/shops/{shop}/secret", None, ["shop.secret_replaced"], ""),
    ("POST", "/admin/shops/{shop}/providers", PROVIDER, ["provider.connected"], "provider"),
    ("PUT", "/admin/providers/{provider}", {"values": PROVIDER["values"]}, ["provider.changed"], ""),
    ("DELETE", "/admin/providers/{provider}", None, ["provider.archived"], ""),
    ("DELETE", "/admin/shops/{shop}", None, ["shop.archived"], ""),
    ("POST", "/admin/sites", {"name": "站", "origins": []}, ["site.created"], "site"),
    ("PUT", "/admin/sites/{site}", {"name": "新站", "origins": []}, ["site.edited"], ""),
    ("POST", "/admin/sites/{site}/keys", None, ["site.key_created"], "kid"),
    ("DELETE", "/admin/sites/{site}/keys/{kid}", None, ["site.key_revoked"], ""),
    ("DELETE", "/admin/sites/{site}", None, ["site.archived"], ""),
    ("POST", "/admin/incidents", FAULT, ["incident.opened"], "incident"),
    ("PUT", "/admin/incidents/{incident}", {**FAULT, "title": "还在维护", "version": 1}, ["incident.changed"], ""),
    ("POST", "/admin/incidents/{incident}/end", {"text": "好了"}, ["incident.ended"], ""),
    ("POST", "/desk/knowledge/starter", None, [*["article_category.created"] * 10, "article.begun"], ""),
    ("POST", "/desk/knowledge/categories", SHELF, ["article_category.created"], "shelf"),
    ("PUT", "/desk/knowledge/categories/{shelf}", {"name": "充值类"}, ["article_category.edited"], ""),
    ("DELETE", "/desk/knowledge/categories/{shelf}", None, ["article_category.archived"], ""),
    ("POST", "/desk/knowledge/articles", ARTICLE, ["article.created"], "article"),
    ("PUT", "/desk/knowledge/articles/{article}", {**REWRITTEN, "version": 1}, ["article.edited"], ""),
    ("POST", "/desk/knowledge/articles/{article}/publish", {"version": 2}, ["article.published"], ""),
    ("POST", "/desk/knowledge/articles/{article}/versions/{number}/restore", {"version": 3}, ["article.restored"], ""),
    ("POST", "/desk/knowledge/articles/{article}/withdraw", {"version": 4}, ["article.withdrawn"], ""),
    ("POST", "/desk/knowledge/articles/{article}/phrasings", ASKED, ["phrasing.added"], "phrasing"),
    ("POST", "/desk/knowledge/articles/{article}/phrasings/{phrasing}/accept", None, [], ""),
    ("POST", "/desk/knowledge/articles", ARTICLE, ["article.created"], "second"),
    ("POST", "/desk/knowledge/articles/{article}/phrasings/{phrasing}/move", TO_SECOND, ["phrasing.moved"], ""),
    ("DELETE", "/desk/knowledge/articles/{second}/phrasings/{phrasing}", None, ["phrasing.removed"], ""),
    ("POST", "/desk/knowledge/articles/{article}/merge", SECOND, ["article.merged"], ""),
    ("POST", "/desk/knowledge/gaps/{gap}/fill", {"words": ["海外手机号能充话费吗"]}, GAP_LINES, ""),
    ("POST", "/desk/knowledge/gaps/{other_gap}/dismiss", None, ["gap.dismissed"], ""),
    ("POST", "/desk/knowledge/articles/{article}/archive", {"version": 5}, ["article.archived"], ""),
    ("POST", "/desk/knowledge/export", {"format": "jsonl"}, ["knowledge.exported"], ""),
    ("PUT", "/admin/playbooks", {"source": WHOLE, "seen": 0}, ["playbook.saved"], ""),
    ("PUT", "/admin/playbooks/{whole}/published", {"version": 1}, ["playbook.published"], ""),
    ("DELETE", "/admin/playbooks/{whole}/published", None, ["playbook.withdrawn"], ""),
    ("POST", "/admin/replies", REPLY, ["reply.created"], "reply"),
    ("PUT", "/admin/replies/{reply}", {**REPLY, "text": "你好"}, ["reply.edited"], ""),
    ("DELETE", "/admin/replies/{reply}", None, ["reply.archived"], ""),
    ("POST", "/admin/macros", MACRO, ["macro.created"], "macro"),
    ("PUT", "/admin/macros/{macro}", {**MACRO, "title": "结束语"}, ["macro.edited"], ""),
    ("DELETE", "/admin/macros/{macro}", None, ["macro.archived"], ""),
    ("POST", "/desk/replies", REPLY, ["reply.created"], "own"),
    ("PUT", "/desk/replies/{own}", {**REPLY, "text": "你好"}, ["reply.edited"], ""),
    ("DELETE", "/desk/replies/{own}", None, ["reply.archived"], ""),
    ("POST", "/staff/second-factor/confirm", {"code": "{code}"}, ["second_factor.on"], ""),
    ("POST", "/staff/second-factor/off", {"password": PASSWORD}, ["second_factor.off"], ""),
    ("DELETE", "/admin/departments/{department}", None, ["department.archived"], ""),
    ("DELETE", "/staff/sessions/{session}", None, ["agent.sessions_ended"], ""),
    ("DELETE", "/staff/sessions", None, ["agent.sessions_ended"], ""),
    ("PUT", "/staff/password", {"current": PASSWORD, "new": "noch-eine-Losung"}, ["agent.password_set"], ""),
    ("POST", "/staff/sign-in", {"login": "boss", "password": "noch-eine-Losung"}, ["agent.signed_in"], ""),
]


def _plain(path: str) -> str:
    """Names of parameters do not matter."""
    return re.sub(r"\{[a-z_]+\}", "{}", path)


def test_every_way_to_change_something_is_known_here() -> None:
    left = {
        (method, path)
        for method, path in UNSAFE
        if not CONVERSATION_WORK.fullmatch(path) and (method, path) not in NO_CHANGE
    }
    assert {(method, _plain(path)) for method, path in left} == {(step[0], _plain(step[1])) for step in STEPS}


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_desk_has_words_for_every_line(locale: str) -> None:
    words = json.loads((ROOT / "web/desk/src/words" / f"{locale}.json").read_text("utf-8"))
    said = set()
    for path in (ROOT / "mashang").rglob("*.py"):
        said |= set(re.findall(r'audit\.record\(\s*\w+,\s*\w+,\s*f?"([a-z_]+\.[a-z_]+)"', path.read_text("utf-8")))
    said |= {line for step in STEPS for line in step[3]}
    assert {f"audit.{line}" for line in said} <= set(words)
    assert {f"audit.about.{line.partition('.')[0]}" for line in said} <= set(words)


async def _two_gaps(tx: Tx) -> None:
    await tx.run("insert into gap (public_id) values ('gap1'), ('gap2')")
    await tx.run(
        """
        insert into gap_question (conversation_id, question_seq, gap_id, kind, locale, words, folded, asked_at)
        select c.id, g.id, g.id, 'unanswered', 'zh-CN', '海外手机号能充话费吗', '海外手机号能充话费吗', app_now()
        from conversation c cross join gap g
        """
    )


async def test_every_change_leaves_its_lines(browser: Callable[..., Browser], database: Database) -> None:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        await scene.an_agent(tx, "boss", "王店长", role="operator")
        await tx.run("update agent set availability = 'available'")
        await stage.conversation(tx)
        await _two_gaps(tx)
        await tx.run(
            "insert into second_factor (agent_id, secret_sealed, confirmed_at) values (%s, '', app_now())",
            (stage.agent.id,),
        )
    boss, elsewhere, third = browser(), browser(address="198.51.100.4"), browser(address="198.51.100.5")
    for one in (third, elsewhere, boss):
        await one.sign_in("boss", PASSWORD)
    secret = (await boss.post("/staff/second-factor", {"password": PASSWORD})).json()["secret"]
    sessions = (await boss.get("/staff/sessions")).json()
    blocked = await boss.post(f"/desk/customers/{stage.customer.public_id}/block", {"reason": "骚扰", "hours": None})
    assert blocked.is_success, blocked.text
    known = {
        "block": (await boss.get("/admin/blocks")).json()[0]["id"],
        "equipped": stage.agent.public_id,
        "code": pyotp.TOTP(secret).now(),
        "number": "1",
        "gap": "gap1",
        "other_gap": "gap2",
        "whole": "whole",
        "session": next(one["id"] for one in sessions if one["address"] == "198.51.100.4"),
    }
    for method, path, body, expected, named in STEPS:
        told_of = json.dumps(body)
        for name in ("department", "code", "second"):
            told_of = told_of.replace(f"{{{name}}}", known.get(name, ""))
        filled = json.loads(told_of)
        async with database.transaction() as tx:
            before = await tx.value("select coalesce(max(id), 0) from audit")
        answer = await boss.ask(method, path.format(**known), filled)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        async with database.transaction() as tx:
            left = await tx.all(
                "select l.action, a.login, l.subject from audit l join agent a on a.id = l.agent_id"
                " where l.id > %s order by l.id",
                (before,),
            )
        assert [line["action"] for line in left] == expected, f"{method} {path}"
        assert all(line["login"] == "boss" and line["subject"] for line in left)
        if named:
            told = answer.json()
            added = isinstance(told, dict) and told.get("added")
            told = added[0] if added else told[0] if isinstance(told, list) else told
            known[named] = next(told[key] for key in ("id", "kid", "code") if key in told)
