"""A floor with a thousand agents and thousands who wait, written straight into a database.

Ten departments; the agents are of one or two of them, of three tiers, some with skills; those who wait
are spread over departments, tiers and skills.  Hands come free and newcomers arrive by SQL, so that
nothing but the dispatcher is measured.
"""

from __future__ import annotations

from mashang.kit.db import Database

AGENTS, CAPACITY, DEPARTMENTS = 1000, 5, 10

_STAFF = f"""
insert into department (public_id, name) select 'd' || i, '部门 ' || i from generate_series(1, {DEPARTMENTS}) i;
insert into agent (public_id, login, name, role, password_hash, capacity, availability, available_since, tier, skills)
select 'a' || i, 'agent' || i, '客服' || i, 'agent', '', {CAPACITY}, 'available', app_now(),
    1 + (i % 10) / 5 + (i % 10) / 9,
    case i % 4 when 0 then array['退款'] when 1 then array['发票', '退款'] else '{{}}'::text[] end
from generate_series(1, {AGENTS}) i;
insert into membership (department_id, agent_id)
select d.id, a.id from agent a join department d on d.id = 1 + a.id % {DEPARTMENTS}
    or (a.id % 3 = 0 and d.id = 1 + (a.id + 1) % {DEPARTMENTS});
insert into presence_lease (socket_id, agent_id, process_id, alive_until)
select 's' || id, id, 'bench', app_now() + interval '1 day' from agent;
insert into site (public_id, name) values ('bench', 'bench');
insert into customer (public_id, site_id) select 'bench', id from site;
"""
_ARRIVE = f"""
with come as (
    insert into conversation (public_id, site_id, customer_id, status, department_id, opening_key)
    select gen_random_uuid()::text, s.id, u.id, 'waiting', 1 + i %% {DEPARTMENTS}, gen_random_uuid()::text
    from site s, customer u, generate_series(1, %(number)s) i
    returning id, department_id
)
insert into queue_place (conversation_id, department_id, queued_at, order_at, number, required_tier, skills, priority)
select id, department_id, app_now(), app_now() - case when id %% 20 = 0 then interval '5 min' else '0' end, id,
    1 + (id %% 7 = 0)::int + (id %% 49 = 0)::int, case when id %% 5 = 0 then array['退款'] else '{{}}'::text[] end,
    (id %% 20 = 0)::int
from come
"""
# Everybody serves to capacity.
_SERVE = f"""
insert into conversation (public_id, site_id, customer_id, status, department_id, opening_key, agent_id, assigned_at)
select gen_random_uuid()::text, s.id, u.id, 'active', 1 + a.id % {DEPARTMENTS}, gen_random_uuid()::text, a.id,
    app_now()
from site s, customer u, agent a, generate_series(1, {CAPACITY}) i
"""
_ACCEPT = """
with answered as (
    update offer set answered_at = app_now(), answer = 'accepted' where answered_at is null
    returning conversation_id, agent_id
), assigned as (
    update conversation c set status = 'active', agent_id = a.agent_id, assigned_at = app_now()
    from answered a where c.id = a.conversation_id
)
delete from queue_place q using answered a where q.conversation_id = a.conversation_id
"""
_LEAVE = """
with gone as (
    delete from queue_place where conversation_id in (
        select conversation_id from queue_place order by order_at, conversation_id offset %(number)s
    ) returning conversation_id
)
update conversation c set status = 'closed', closed_at = app_now() from gone g where c.id = g.conversation_id
"""
_FINISH = """
update conversation set status = 'closed', closed_at = app_now()
where id in (select id from conversation where status = 'active' order by md5(id::text || %(salt)s) limit %(number)s)
"""


class CrowdedFloor:
    """The database of a floor; each method is one change to it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rounds = 0

    async def open(self) -> None:
        """Everybody at work."""
        async with self._db.transaction() as tx:
            for statement in _STAFF.split(";\n"):
                if statement.strip():
                    await tx.run(statement)
            await tx.run(_SERVE)
        await self._analyse()

    async def let_wait(self, number: int) -> None:
        """So many wait, and nobody is on offer: the last ones leave, or others come."""
        async with self._db.transaction() as tx:
            await tx.run(_ACCEPT)
            await tx.run(_LEAVE, {"number": number})
            here: int = await tx.value("select count(*) from queue_place")
        await self.arrive(number - here)
        await self._analyse()

    async def arrive(self, number: int) -> None:
        """So many more customers wait."""
        async with self._db.transaction() as tx:
            await tx.run(_ARRIVE, {"number": number})

    async def finish(self, number: int) -> None:
        """Who was offered somebody accepts; then so many conversations of anybody end."""
        self._rounds += 1
        async with self._db.transaction() as tx:
            await tx.run(_ACCEPT)
            await tx.run(_FINISH, {"number": number, "salt": str(self._rounds)})

    async def _analyse(self) -> None:
        async with self._db.connection() as connection:
            await connection.execute(b"vacuum analyze")
