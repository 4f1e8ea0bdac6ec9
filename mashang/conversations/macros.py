"""Macros: what is done again and again in one breath, a reply, a note, and where the conversation goes then.

A macro is a list of steps in a fixed order, at most one of each; the last may send the
conversation to a department or end it, never both.  The only writer of `macro`.

The order is not for whoever writes a macro to choose, because only one makes sense: behind a
transfer one may not speak any more, behind the end nobody may, and whether colleagues read
the note above or below the reply changes nothing for anybody.

Does not: run one (`desk.running_macros`, which sees routing).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from mashang.conversations import canned
from mashang.conversations.canned import Shortcut, ShortcutTaken
from mashang.conversations.entry import PublicId
from mashang.kit import ids
from mashang.kit.db import Json, Tx
from mashang.kit.errors import Invalid, NotFound
from mashang.staff import audit, departments
from mashang.staff.audit import Actor

Note = Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
_WORDS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"


class Steps(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What is done, in this order: a shared canned reply, a note, and a department with `transfer_note`, or the end."""

    reply: PublicId | None = None
    note: Note = ""
    department: PublicId | None = None
    transfer_note: Note = ""
    close: bool = False


class MacroDraft(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What somebody writes about a macro."""

    shortcut: Shortcut
    title: Annotated[str, Meta(min_length=1, max_length=40, pattern=_WORDS)]
    steps: Steps


class Macro(msgspec.Struct, frozen=True):
    """A macro; `id` is the row number and stays inside."""

    id: int
    public_id: str
    shortcut: str
    title: str
    steps: Steps


_SELECT = "select m.id, m.public_id, m.shortcut, m.title, m.steps from macro m where m.archived_at is null"


async def present(tx: Tx) -> list[Macro]:
    """All macros in use."""
    return [msgspec.convert(row, Macro) for row in await tx.all(f"{_SELECT} order by m.shortcut")]


async def find(tx: Tx, public_id: str) -> Macro:
    """A macro in use; raises NotFound."""
    row = await tx.first(f"{_SELECT} and m.public_id = %s", (public_id,))
    if row is None:
        raise NotFound
    return msgspec.convert(row, Macro)


async def create(tx: Tx, by: Actor, draft: MacroDraft) -> Macro:
    """Make a macro; raises ShortcutTaken, Invalid."""
    values = await _values(tx, draft, but=0)
    public_id = ids.public_id()
    await tx.run(
        "insert into macro (public_id, shortcut, title, steps) values (%s, %s, %s, %s)",
        (public_id, values["shortcut"], values["title"], Json(values["steps"])),
    )
    await audit.record(tx, by, "macro.created", public_id, after=values)
    return await find(tx, public_id)


async def edit(tx: Tx, by: Actor, public_id: str, draft: MacroDraft) -> Macro:
    """Change a macro; raises NotFound, ShortcutTaken, Invalid."""
    before = await find(tx, public_id)
    values = await _values(tx, draft, but=before.id)
    await tx.run(
        "update macro set shortcut = %s, title = %s, steps = %s, changed_at = app_now() where id = %s",
        (values["shortcut"], values["title"], Json(values["steps"]), before.id),
    )
    await audit.record(tx, by, "macro.edited", public_id, before=_shown(before), after=values)
    return await find(tx, public_id)


async def archive(tx: Tx, by: Actor, public_id: str) -> None:
    """Take a macro out of use; raises NotFound."""
    macro = await find(tx, public_id)
    await tx.run("update macro set archived_at = app_now() where id = %s", (macro.id,))
    await audit.record(tx, by, "macro.archived", public_id, before=_shown(macro))


async def _values(tx: Tx, draft: MacroDraft, *, but: int) -> dict[str, Any]:
    await _demand_steps(tx, draft.steps)
    shortcut = draft.shortcut.lower()
    await tx.run("select pg_advisory_xact_lock(hashtext('macro'))")
    holder = await tx.first(f"{_SELECT} and m.shortcut = %s and m.id <> %s", (shortcut, but))
    if holder:
        raise ShortcutTaken(shortcut=shortcut, title=holder["title"])
    return {"shortcut": shortcut, "title": draft.title.strip(), "steps": msgspec.to_builtins(draft.steps)}


async def _demand_steps(tx: Tx, steps: Steps) -> None:
    if not (steps.reply or steps.note.strip() or steps.department or steps.close):
        raise Invalid(field="steps", reason="missing")
    if steps.department and steps.close:
        raise Invalid(field="steps", reason="one_end")
    try:
        if steps.reply:
            await canned.find_shared(tx, steps.reply)
        if steps.department:
            await departments.find(tx, steps.department)
    except NotFound:
        raise Invalid(field="steps", reason="unknown") from None


def _shown(macro: Macro) -> dict[str, Any]:
    return {"shortcut": macro.shortcut, "title": macro.title, "steps": msgspec.to_builtins(macro.steps)}
