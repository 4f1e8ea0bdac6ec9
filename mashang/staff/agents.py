"""The people who answer: who they are, what they may do, how many at once.

An archived agent keeps the row, for the conversations they had; their login becomes free.
There is always at least one operator.

Does not: know whether somebody still serves a conversation.  `archive` is called by
`desk.archiving`, which sees conversations and asks first.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.staff import audit, passwords
from mashang.staff.audit import Actor
from mashang.staff.events import AgentChanged, StaffSessionsEnded

Role = Literal["operator", "supervisor", "agent"]
Availability = Literal["available", "away"]
Because = Literal["unanswered", "supervisor"]  # why somebody is away who did not say so
Login = Annotated[str, Meta(min_length=2, max_length=100, pattern=r"^\s*[^\s\x00-\x1f\x7f]{2,}\s*$")]
Name = Annotated[
    str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
Skill = Annotated[
    str, Meta(min_length=1, max_length=30, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
Password = Annotated[str, Meta(max_length=passwords.MAXIMUM_LENGTH)]


class LoginTaken(Refusal):
    """Somebody else signs in with this login."""

    status, code = 409, "login_taken"


class LastOperator(Refusal):
    """It would leave the installation without an operator."""

    status, code = 409, "last_operator"


class MemberOf(msgspec.Struct, frozen=True):
    """A department of an agent."""

    id: int
    public_id: str
    name: str
    name_en: str = ""

    def called(self, locale: str) -> str:
        """Its name for a reader of `locale`."""
        return self.name_en if locale == "en" and self.name_en else self.name


class Agent(msgspec.Struct, frozen=True):
    """Somebody of the staff; `id` is the row number and stays inside.  `tier`: 1 junior, 2 senior, 3 expert."""

    id: int
    public_id: str
    login: str
    name: str
    role: Role
    capacity: int
    availability: Availability
    departments: tuple[MemberOf, ...] = ()
    tier: int = 1
    skills: tuple[str, ...] = ()
    away_because: Because | None = None
    away_by: str | None = None  # the name of who set them away

    @property
    def sees_everything(self) -> bool:
        """Operators and supervisors see all conversations; agents those of their departments and their own."""
        return self.role != "agent"


class AgentDraft(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator writes about a person; `password` sets or resets it."""

    login: Login
    name: Name
    role: Role
    capacity: Annotated[int, Meta(ge=0, le=100)] = 5
    departments: Annotated[list[Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")]], Meta(max_length=200)] = []
    password: Password | None = None
    tier: Annotated[int, Meta(ge=1, le=3)] = 1
    skills: Annotated[list[Skill], Meta(max_length=50)] = []


SELECT = """
    select a.id, a.public_id, a.login, a.name, a.role, a.capacity, a.availability, a.tier, a.skills,
           a.away_because, (select b.name from agent b where b.id = a.away_by) as away_by, coalesce((
               select jsonb_agg(jsonb_build_object(
                   'id', d.id, 'public_id', d.public_id, 'name', d.name, 'name_en', d.name_en
               ) order by d.position, d.id)
               from membership m join department d on d.id = m.department_id and d.archived_at is null
               where m.agent_id = a.id
           ), '[]') as departments
    from agent a
"""


def agent_of(row: dict[str, Any]) -> Agent:
    """A row of `SELECT` as an Agent."""
    return msgspec.convert(row, Agent)


async def present(tx: Tx) -> list[Agent]:
    """Everybody who works here, operators first."""
    rows = await tx.all(
        SELECT
        + """
        where a.archived_at is null
        order by array_position(array['operator', 'supervisor', 'agent'], a.role), a.id
        """
    )
    return [agent_of(row) for row in rows]


async def find(tx: Tx, public_id: str) -> Agent:
    """One person who works here; raises NotFound."""
    row = await tx.first(SELECT + "where a.public_id = %s and a.archived_at is null", (public_id,))
    if row is None:
        raise NotFound
    return agent_of(row)


async def of_login(tx: Tx, login: str) -> Agent:
    """Whoever signs in with this login, in any case and width; raises NotFound."""
    row = await tx.first(SELECT + "where lower(a.login) = lower(%s) and a.archived_at is null", (plain_login(login),))
    if row is None:
        raise NotFound
    return agent_of(row)


async def create(tx: Tx, by: Actor | None, draft: AgentDraft) -> Agent:
    """Employ somebody; raises LoginTaken, Invalid(field), PasswordTooShort, PasswordTooCommon."""
    if not draft.password:
        raise Invalid(field="password", reason="missing")
    passwords.check_new(draft.password, draft.login, draft.name)
    row = await tx.first(
        """
        insert into agent (public_id, login, name, role, password_hash, capacity, tier, skills)
        values (%(public_id)s, %(login)s, %(name)s, %(role)s, %(password_hash)s, %(capacity)s, %(tier)s, %(skills)s)
        on conflict (lower(login)) do nothing
        returning id, public_id
        """,
        {
            "public_id": ids.public_id(),
            "password_hash": await passwords.hash_password(draft.password),
            **_values(draft),
        },
    )
    if row is None:
        raise LoginTaken(login=_login(draft))
    await _join(tx, row["id"], draft.departments)
    agent = await find(tx, row["public_id"])
    await audit.record(tx, by, "agent.created", agent.public_id, after=_shown(agent))
    tx.emit(AgentChanged(agent.id))
    return agent


async def edit(tx: Tx, by: Actor | None, public_id: str, draft: AgentDraft) -> Agent:
    """Change somebody; a password given ends their sessions.  Raises as `create`, and LastOperator, NotFound."""
    before = await lock(tx, public_id)
    if before.role == "operator" and draft.role != "operator":
        await _demand_another_operator(tx, before.id)
    if await tx.value("select 1 from agent where lower(login) = lower(%s) and id <> %s", (_login(draft), before.id)):
        raise LoginTaken(login=_login(draft))
    await tx.run(
        """
        update agent set login = %(login)s, name = %(name)s, role = %(role)s, capacity = %(capacity)s,
            tier = %(tier)s, skills = %(skills)s
        where id = %(id)s
        """,
        {"id": before.id, **_values(draft)},
    )
    await tx.run("delete from membership where agent_id = %s", (before.id,))
    await _join(tx, before.id, draft.departments)
    after = await find(tx, public_id)
    await audit.record(tx, by, "agent.edited", public_id, before=_shown(before), after=_shown(after))
    if draft.password:
        await set_password(tx, by, after, draft.password)
    tx.emit(AgentChanged(after.id))
    return after


async def set_password(tx: Tx, by: Actor | None, agent: Agent, password: str, *, keep: bytes = b"") -> None:
    """Give somebody a new password and end their sessions, all but the one of digest `keep`.

    Forgets wrong attempts at this login: a reset is how somebody locked out is let in again.
    """
    passwords.check_new(password, agent.login, agent.name)
    await tx.run(
        "update agent set password_hash = %s where id = %s", (await passwords.hash_password(password), agent.id)
    )
    await _end_sessions(tx, agent.id, keep)
    await tx.run("delete from sign_in_failure where key = %s", (f"login {agent.login.lower()}",))
    await audit.record(tx, by, "agent.password_set", agent.public_id)


async def want_guide(tx: Tx, agent: Agent, wanted: bool) -> None:
    """Whether they see the first-run guide in their menu; nobody else's affair."""
    await tx.run("update agent set guide = %s where id = %s", (wanted, agent.id))


async def lock(tx: Tx, public_id: str) -> Agent:
    """The agent, with the row locked: nothing new can be given to them until the commit.

    The operators' rows are locked with it, in one order, so that two of them who dismiss each
    other at the same moment wait for one another instead of both succeeding.
    """
    await tx.run(
        """
        select 1 from agent where archived_at is null and (public_id = %s or role = 'operator')
        order by id for update
        """,
        (public_id,),
    )
    return await find(tx, public_id)


async def archive(tx: Tx, by: Actor | None, agent: Agent) -> None:
    """Somebody leaves: sessions and presence end, the login becomes free.  Raises LastOperator."""
    if agent.role == "operator":
        await _demand_another_operator(tx, agent.id)
    await tx.run(
        """
        update agent set archived_at = app_now(), availability = 'away', available_since = null,
                         login = login || ' ' || public_id
        where id = %s
        """,
        (agent.id,),
    )
    await tx.run("delete from membership where agent_id = %s", (agent.id,))
    await tx.run("delete from presence_lease where agent_id = %s", (agent.id,))
    await _end_sessions(tx, agent.id)
    await audit.record(tx, by, "agent.archived", agent.public_id, before=_shown(agent))
    tx.emit(AgentChanged(agent.id))


async def _end_sessions(tx: Tx, agent_id: int, keep: bytes = b"") -> None:
    await tx.run(
        """
        update staff_session set expires_at = app_now()
        where agent_id = %s and token_hash <> %s and expires_at > app_now()
        """,
        (agent_id, keep),
    )
    tx.emit(StaffSessionsEnded(agent_id))


async def _demand_another_operator(tx: Tx, agent_id: int) -> None:
    others = "select exists (select from agent where role = 'operator' and archived_at is null and id <> %s)"
    if not await tx.value(others, (agent_id,)):
        raise LastOperator


async def _join(tx: Tx, agent_id: int, departments: list[str]) -> None:
    wanted = list(dict.fromkeys(departments))
    joined = await tx.run(
        """
        insert into membership (department_id, agent_id)
        select id, %s from department where public_id = any(%s) and archived_at is null
        """,
        (agent_id, wanted),
    )
    if joined != len(wanted):
        raise Invalid(field="departments", reason="unknown")


def plain_login(typed: str) -> str:
    """A login as it is kept: full-width letters, as an input method may type them, are the plain ones."""
    return unicodedata.normalize("NFKC", typed).strip()


def _login(draft: AgentDraft) -> str:
    return plain_login(draft.login)


def _values(draft: AgentDraft) -> dict[str, object]:
    return {
        "login": _login(draft),
        "name": draft.name.strip(),
        "role": draft.role,
        "capacity": draft.capacity,
        "tier": draft.tier,
        "skills": list(dict.fromkeys(skill.strip() for skill in draft.skills)),
    }


def _shown(agent: Agent) -> dict[str, object]:
    return {
        "login": agent.login,
        "name": agent.name,
        "role": agent.role,
        "capacity": agent.capacity,
        "tier": agent.tier,
        "skills": list(agent.skills),
        "departments": [department.name for department in agent.departments],
    }
