"""Staff over HTTP: cookies, forged requests, roles, and bad input."""

from __future__ import annotations

import json
from itertools import chain

import pytest

from mashang.staff import first_run, presence
from mashang.staff.sign_in import FREE

PASSWORD = "correct-horse-7"
NEW = "another-horse-8"


@pytest.fixture
async def signed_in(browser, operator):
    """The operator's browser."""
    made = browser()
    await made.sign_in("boss", PASSWORD)
    return made


# ── signing in and out ──────────────────────────────────────────────────────


async def test_signing_in_answers_who_one_is_and_sets_a_closed_cookie(browser, xiaomei):
    page = browser()
    answer = await page.sign_in("xiaomei", PASSWORD)
    assert answer.status_code == 200
    assert answer.json() | {"id": "", "departments": [], "permissions": []} == {
        "id": "", "name": "小美", "login": "xiaomei", "role": "agent", "departments": [], "availability": "away",
        "capacity": 5, "permissions": [], "warnings": ["plain_http"], "second_factor": "off", "zone": "Asia/Shanghai",
        "guide": True, "away_by": None, "patience": {"long_minutes": 2, "urgent_minutes": 5},
    }  # fmt: skip
    assert [one["name"] for one in answer.json()["departments"]] == ["充值"]
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("mashang_staff="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await page.get("/staff/me")).json()["login"] == "xiaomei"


async def test_loopback_needs_no_warning_about_plain_http(browser, xiaomei):
    answer = await browser(host="127.0.0.1:8700").sign_in("xiaomei", PASSWORD)
    assert answer.json()["warnings"] == []


async def test_who_was_set_away_reads_why_until_they_say_that_they_are_back(browser, xiaomei, database):
    page = browser()
    await page.sign_in("xiaomei", PASSWORD)
    await page.put("/staff/availability", {"availability": "available"})
    async with database.transaction() as tx:
        await presence.set_away(tx, xiaomei.id, "unanswered")
    told = (await page.get("/staff/me")).json()
    assert (told["availability"], "unanswered" in told["warnings"]) == ("away", True)
    back = await page.put("/staff/availability", {"availability": "available"})
    assert "unanswered" not in back.json()["warnings"]
    assert "unanswered" not in (await page.get("/staff/me")).json()["warnings"]


async def test_a_forged_sign_in_is_refused(browser, xiaomei):
    page = browser()
    await page.open()
    for headers in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "invented"}, {"x-csrf-token": "0" * 128}):
        answer = await page.client.post(
            "/api/v1/staff/sign-in", json={"login": "xiaomei", "password": PASSWORD}, headers=headers
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert (await page.get("/staff/me")).status_code == 401


async def test_a_foreign_page_cannot_use_somebodys_cookie(browser, xiaomei):
    page = browser()
    await page.sign_in("xiaomei", PASSWORD)
    answer = await page.client.put("/api/v1/staff/availability", json={"availability": "available"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert (await page.get("/staff/me")).json()["availability"] == "away"


async def test_a_wrong_password_is_told_in_the_readers_language(browser, xiaomei):
    page = browser()
    for language, message in (
        ("zh-CN,zh;q=0.9", "账号或密码不正确。"),
        ("en-US,en;q=0.9", "The login or the password isn't right."),
        ("fr", "账号或密码不正确。"),
    ):
        page.client.headers["accept-language"] = language
        answer = await page.sign_in("xiaomei", "wrong-password")
        assert answer.status_code == 401
        assert answer.json() == {"code": "sign_in_refused", "message": message, "facts": {}}


async def test_too_many_attempts_are_told_when_to_come_back(browser, xiaomei, monkeypatch):
    async def never(password, stored):
        return False

    monkeypatch.setattr("mashang.staff.passwords.is_right", never)
    page = browser()
    for _ in range(FREE["login"] + 1):
        answer = await page.sign_in("xiaomei", "wrong-password")
    assert (answer.status_code, answer.json()["code"]) == (429, "sign_in_locked")
    assert 0 < int(answer.headers["retry-after"]) <= 15
    assert str(answer.json()["facts"]["retry_after"]) in answer.json()["message"]


async def test_signing_out_ends_it(browser, xiaomei):
    page = browser()
    await page.sign_in("xiaomei", PASSWORD)
    secret = page.client.cookies["mashang_staff"]
    assert (await page.post("/staff/sign-out")).status_code == 204
    assert "mashang_staff" not in page.client.cookies
    page.client.cookies["mashang_staff"] = secret
    assert (await page.get("/staff/me")).status_code == 401


async def test_availability_is_ones_own_word(browser, xiaomei):
    page = browser()
    await page.sign_in("xiaomei", PASSWORD)
    answer = await page.put("/staff/availability", {"availability": "available"})
    assert answer.json()["availability"] == "available"
    assert (await page.put("/staff/availability", {"availability": "asleep"})).status_code == 422


async def test_ones_password_is_changed_with_the_current_one(browser, xiaomei):
    page, other = browser(), browser()
    await page.sign_in("xiaomei", PASSWORD)
    await other.sign_in("xiaomei", PASSWORD)
    wrong = await page.put("/staff/password", {"current": "wrong-password", "new": NEW})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "current_password_wrong")
    short = await page.put("/staff/password", {"current": PASSWORD, "new": "short"})
    assert (short.status_code, short.json()["code"]) == (422, "password_too_short")
    assert (await page.put("/staff/password", {"current": PASSWORD, "new": NEW})).status_code == 204
    assert (await page.get("/staff/me")).status_code == 200
    assert (await other.get("/staff/me")).status_code == 401
    assert (await other.sign_in("xiaomei", NEW)).status_code == 200


# ── the first run ───────────────────────────────────────────────────────────


async def test_the_first_run_link_makes_the_operator_and_signs_in(browser, database):
    async with database.transaction() as tx:
        secret = await first_run.new_link(tx)
    page = browser()
    assert (await page.get("/staff/first-run", headers={"x-first-run-secret": secret})).json() == {"valid": True}
    draft = {"secret": secret, "login": "boss", "name": "王店长", "password": PASSWORD}
    weak = await page.post("/staff/first-run", {**draft, "password": "1234567890"})
    assert (weak.status_code, weak.json()["code"]) == (422, "password_too_common")
    assert (await page.post("/staff/first-run", draft)).json()["role"] == "operator"
    assert (await page.get("/staff/me")).json()["login"] == "boss"
    assert (await page.get("/staff/first-run", headers={"x-first-run-secret": secret})).json() == {"valid": False}
    again = await page.post("/staff/first-run", {**draft, "login": "thief"})
    assert (again.status_code, again.json()["code"]) == (410, "first_run_over")


# ── administration ──────────────────────────────────────────────────────────

READS = ["/admin/departments", "/admin/people", "/admin/audit", "/admin/waits"]
WRITES = [
    ("POST", "/admin/departments", {"name": "新部门"}),
    ("PUT", "/admin/departments/nowhere", {"name": "新部门"}),
    ("DELETE", "/admin/departments/nowhere", None),
    ("POST", "/admin/people", {"login": "new", "name": "新人", "role": "agent", "password": PASSWORD}),
    ("PUT", "/admin/people/nowhere", {"login": "new", "name": "新人", "role": "agent"}),
    ("DELETE", "/admin/people/nowhere", None),
]


@pytest.mark.parametrize(
    ("role", "reads", "writes"), [("agent", 403, 403), ("supervisor", 200, 403), ("operator", 200, None)]
)
async def test_each_role_gets_into_administration_as_far_as_it_should(
    browser,
    signed_in,
    role,
    reads,
    writes,
):
    draft = {"login": "somebody", "name": "某人", "role": role, "password": PASSWORD}
    await signed_in.post("/admin/people", draft)
    page = browser()
    await page.sign_in("somebody", PASSWORD)
    assert {(await page.get(path)).status_code for path in READS} == {reads}
    written = [(await page.ask(*request)).status_code for request in WRITES]
    assert written == ([writes] * 6 if writes else [201, 404, 404, 201, 404, 404])


async def test_nobody_gets_in_without_a_session(browser, operator):
    page = browser()
    await page.open()
    asked = [(await page.get(path)) for path in READS] + [(await page.ask(*request)) for request in WRITES]
    assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {(401, "not_signed_in")}


async def test_people_and_departments_are_made_changed_and_archived(signed_in):
    department = (await signed_in.post("/admin/departments", {"name": "充值", "name_en": "Recharge"})).json()
    assert department == {"id": department["id"], "name": "充值", "name_en": "Recharge", "position": 0, "people": 0}
    draft = {"login": "mei", "name": "小美", "role": "agent", "capacity": 3, "departments": [department["id"]]}
    person = (await signed_in.post("/admin/people", {**draft, "password": PASSWORD})).json()
    assert (person["departments"], person["online"], person["capacity"]) == ([department["id"]], False, 3)
    changed = await signed_in.put(f"/admin/people/{person['id']}", {**draft, "capacity": 7})
    assert changed.json()["capacity"] == 7
    assert (await signed_in.put(f"/admin/departments/{department['id']}", {"name": "售前"})).json()["people"] == 1
    assert (await signed_in.delete(f"/admin/departments/{department['id']}")).status_code == 204
    assert (await signed_in.delete(f"/admin/people/{person['id']}")).status_code == 204
    assert (await signed_in.get("/admin/departments")).json() == []
    assert [one["login"] for one in (await signed_in.get("/admin/people")).json()] == ["boss"]


async def test_refused_changes_say_why(signed_in):
    await signed_in.post("/admin/departments", {"name": "充值"})
    again = await signed_in.post("/admin/departments", {"name": "充值"})
    assert (again.status_code, again.json()["code"]) == (409, "department_name_taken")
    boss = (await signed_in.get("/staff/me")).json()
    gone = await signed_in.delete(f"/admin/people/{boss['id']}")
    assert (gone.status_code, gone.json()["code"]) == (409, "last_operator")
    taken = await signed_in.post("/admin/people", {"login": "BOSS", "name": "x", "role": "agent", "password": PASSWORD})
    assert (taken.status_code, taken.json()["code"]) == (409, "login_taken")


async def test_a_reset_password_ends_the_persons_sessions(browser, signed_in, xiaomei):
    page = browser()
    await page.sign_in("xiaomei", PASSWORD)
    draft = {"login": "xiaomei", "name": "小美", "role": "agent", "password": NEW}
    assert (await signed_in.put(f"/admin/people/{xiaomei.public_id}", draft)).status_code == 200
    assert (await page.get("/staff/me")).status_code == 401
    assert (await page.sign_in("xiaomei", NEW)).status_code == 200


async def test_the_audit_is_read_page_by_page_and_holds_no_secret(signed_in):
    for number in range(4):
        await signed_in.post("/admin/departments", {"name": f"部门{number}"})
    first = (await signed_in.get("/admin/audit", params={"limit": 3})).json()
    second = (await signed_in.get("/admin/audit", params={"limit": 3, "cursor": first["next"]})).json()
    assert [line["action"] for line in first["lines"]] == ["department.created"] * 3
    assert [line["action"] for line in second["lines"]] == ["department.created", "agent.signed_in", "agent.created"]
    assert first["lines"][0]["by"]["name"] == "王店长"
    assert PASSWORD not in str(first) + str(second)


# ── bad input ───────────────────────────────────────────────────────────────

ABSURD = [
    "", "\u0000", "a\u0000b", "x" * 10_000, "\ud83d", "\u202etxt", "'; drop table agent; --", "😀" * 40,
    7, None, [], {},
]  # fmt: skip


def absurd(value):
    """Requests with `value` where it does not belong."""
    person = {"login": "new", "name": "新人", "role": "agent", "password": PASSWORD}
    signing_in = {"login": "boss", "password": PASSWORD}
    return [
        *[("POST", "/staff/sign-in", {**signing_in, field: value}) for field in signing_in],
        *[("POST", "/admin/people", {**person, field: value}) for field in (*person, "departments", "capacity")],
        ("POST", "/admin/departments", {"name": value, "name_en": value, "position": value}),
        ("PUT", "/staff/password", {"current": value, "new": value}),
        ("POST", "/staff/first-run", {"secret": value, "login": "x", "name": "x", "password": PASSWORD}),
        ("PUT", "/staff/availability", {"availability": value}),
        ("POST", "/admin/people", value),
        ("POST", "/admin/people", {**person, "unknown": value}),
    ]


async def test_absurd_values_are_refused_and_never_break_anything(signed_in):
    for method, path, body in chain.from_iterable(absurd(value) for value in ABSURD):
        # A lone surrogate is no UTF-8, but JSON can spell it.
        answer = await signed_in.ask(
            method, path, content=json.dumps(body), headers={"content-type": "application/json"}
        )
        assert answer.status_code in {201, 400, 401, 409, 410, 422, 429}, (path, body)
        assert answer.status_code == 201 or set(answer.json()) == {"code", "message", "facts"}
    assert (await signed_in.get("/staff/me")).json()["login"] == "boss"


async def test_a_broken_body_is_refused(signed_in):
    for body in (b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"login":"boss"', b"null"):
        answer = await signed_in.ask(
            "POST", "/staff/sign-in", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in {400, 422}, body
        assert set(answer.json()) == {"code", "message", "facts"}


async def test_an_absurd_id_or_page_is_refused(signed_in):
    for path in ("/admin/people/%00", "/admin/people/..%2f", "/admin/departments/" + "x" * 500):
        assert (await signed_in.delete(path)).status_code in {404, 422}, path
    for params in ({"limit": 0}, {"limit": 10**9}, {"limit": "x"}, {"cursor": -1}, {"cursor": 10**30}):
        assert (await signed_in.get("/admin/audit", params=params)).status_code == 422, params
    for params in ({"days": 0}, {"days": 91}, {"days": "x"}):
        assert (await signed_in.get("/admin/waits", params=params)).status_code == 422, params


async def test_the_operator_says_how_long_is_too_long_and_everybodys_desk_goes_by_it(browser, xiaomei, signed_in):
    agent = browser()
    await agent.sign_in("xiaomei", PASSWORD)
    rule = {"long_minutes": 10, "urgent_minutes": 30}
    assert (await agent.put("/admin/patience", rule)).status_code == 403
    assert (await signed_in.put("/admin/patience", rule)).status_code == 204
    assert (await agent.get("/staff/me")).json()["patience"] == rule
    for wrong in ({"urgent_minutes": 10}, {"long_minutes": 0}, {"urgent_minutes": 241}, {"long_minutes": None}):
        assert (await signed_in.put("/admin/patience", rule | wrong)).status_code == 422
    assert (await agent.get("/staff/me")).json()["patience"] == rule
