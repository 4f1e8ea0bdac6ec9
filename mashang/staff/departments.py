"""Departments: the groups a conversation can go to.

A department that is archived keeps its row and its name: old conversations still say where
they were.  Making one with the name of an archived one brings that one back.

Does not: know what still points at a department.  `archive` is called by
`desk.archiving`, which sees topics and conversations and asks them first.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.staff import audit
from mashang.staff.audit import Actor
from mashang.staff.events import DepartmentChanged

Name = Annotated[
    str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
EnglishName = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


class DepartmentNameTaken(Refusal):
    """Another department has this name."""

    status, code = 409, "department_name_taken"


class Department(msgspec.Struct, frozen=True):
    """A department; `id` is the row number and stays inside."""

    id: int
    public_id: str
    name: str
    name_en: str
    position: int
    people: int = 0

    def called(self, locale: str) -> str:
        """Its name for a reader of `locale`."""
        return self.name_en if locale == "en" and self.name_en else self.name


class DepartmentDraft(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator writes about a department."""

    name: Name
    name_en: EnglishName = ""
    position: Annotated[int, Meta(ge=0, le=10_000)] = 0


SELECT = """
    select d.id, d.public_id, d.name, d.name_en, d.position,
           (select count(*) from membership m join agent a on a.id = m.agent_id and a.archived_at is null
            where m.department_id = d.id) as people
    from department d
"""


async def present(tx: Tx) -> list[Department]:
    """All departments in use, in the operator's order."""
    return await tx.all(SELECT + "where d.archived_at is null order by d.position, d.id", into=Department)


async def without_code(tx: Tx) -> int | None:
    """Who comes without a code is served by the first department of the operator's order; None when there is none."""
    number: int | None = await tx.value(
        "select id from department where archived_at is null order by position, id limit 1"
    )
    return number


async def find(tx: Tx, public_id: str) -> Department:
    """One department in use; raises NotFound."""
    department = await tx.first(
        SELECT + "where d.public_id = %s and d.archived_at is null", (public_id,), into=Department
    )
    if department is None:
        raise NotFound
    return department


async def create(tx: Tx, by: Actor | None, draft: DepartmentDraft) -> Department:
    """Make a department, or bring back the archived one of this name."""
    row = await tx.first(
        """
        insert into department (public_id, name, name_en, position)
        values (%(public_id)s, %(name)s, %(name_en)s, %(position)s)
        on conflict (name) do update
        set name_en = excluded.name_en, position = excluded.position, archived_at = null
        where department.archived_at is not null
        returning public_id
        """,
        {"public_id": ids.public_id(), **_values(draft)},
    )
    if row is None:
        raise DepartmentNameTaken(name=draft.name.strip())
    department = await find(tx, row["public_id"])
    await audit.record(tx, by, "department.created", department.public_id, after=_values(draft))
    return department


async def edit(tx: Tx, by: Actor | None, public_id: str, draft: DepartmentDraft) -> Department:
    """Change a department; raises NotFound, DepartmentNameTaken."""
    before = await find(tx, public_id)
    taken = await tx.value("select 1 from department where name = %s and id <> %s", (draft.name.strip(), before.id))
    if taken:
        raise DepartmentNameTaken(name=draft.name.strip())
    await tx.run(
        "update department set name = %(name)s, name_en = %(name_en)s, position = %(position)s where id = %(id)s",
        {"id": before.id, **_values(draft)},
    )
    await audit.record(tx, by, "department.edited", public_id, before=_shown(before), after=_values(draft))
    tx.emit(DepartmentChanged(before.id))
    return await find(tx, public_id)


async def lock(tx: Tx, public_id: str) -> Department:
    """The department, with its row locked: nothing new can point at it until the commit."""
    await tx.run("select 1 from department where public_id = %s for update", (public_id,))
    return await find(tx, public_id)


async def keep(tx: Tx, department_id: int) -> bool:
    """Let nobody archive it before our commit puts somebody in its queue; False when it is archived already."""
    kept = await tx.value("select 1 from department where id = %s and archived_at is null for share", (department_id,))
    return kept is not None


async def archive(tx: Tx, by: Actor | None, department: Department) -> None:
    """Take a department out of use; its people leave it."""
    await tx.run("update department set archived_at = app_now() where id = %s", (department.id,))
    await tx.run("delete from membership where department_id = %s", (department.id,))
    await audit.record(tx, by, "department.archived", department.public_id, before=_shown(department))
    tx.emit(DepartmentChanged(department.id))


def _values(draft: DepartmentDraft) -> dict[str, object]:
    return {"name": draft.name.strip(), "name_en": draft.name_en.strip(), "position": draft.position}


def _shown(department: Department) -> dict[str, object]:
    return {"name": department.name, "name_en": department.name_en, "position": department.position}
