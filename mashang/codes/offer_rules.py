"""Rules of offers as the operator writes them: made, changed, switched on, tried on last week, and their figures.

A change of what customers would see is a new version of the rule; what was shown before keeps counting for the words
it was shown with.  On, off and the place in the order change nothing of that and make none.  A rule that last week
may have spoken to more than half of all visitors is switched on only by who types that number.

Does not: decide for a visitor (`ruling`), or read the conditions (`offer_judging`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mashang.codes import offer_judging
from mashang.codes.offer_judging import Limits, When
from mashang.codes.topics import index
from mashang.kit import ids
from mashang.kit.db import Json, Tx
from mashang.kit.errors import Conflict, Invalid, NotFound
from mashang.staff import audit
from mashang.staff.audit import Actor

MOST = 200

_WORDS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_LINE = r"^[^\x00-\x1f\x7f]*$"
Promotion = Literal["none", "wanted", "needed"]


class RulesFull(Conflict):
    """There are `most` rules already."""

    code = "rules_full"


class RuleDraft(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the operator writes; `confirmed` is the number of visitors that was typed for a rule that speaks to most.

    `promotion`: none is looked for; the shop's is told where it has one for the code; without one there is no offer.
    """

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=_WORDS)]
    code: Annotated[str, Meta(max_length=8, pattern=r"^[A-Z0-9]*$(?!\n)")]
    text: Annotated[str, Meta(min_length=1, max_length=80, pattern=_WORDS)]
    text_en: Annotated[str, Meta(max_length=120, pattern=_LINE)] = ""
    when: When
    promotion: Promotion = "none"
    cool_down_days: Annotated[int, Meta(ge=1, le=365)] = 7
    position: Annotated[int, Meta(ge=0, le=10_000)] = 0
    is_on: bool = False
    confirmed: Annotated[int, Meta(ge=0)] | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version of a rule; `id` is the row number of the version, `rule` the name of all of them."""

    id: int
    rule: str
    version: int
    name: str
    code: str
    text: str
    text_en: str
    when: When
    promotion: Promotion
    cool_down_days: int
    position: int
    is_on: bool
    made_at: datetime

    def says(self, locale: str) -> str:
        """Its sentence for a reader of `locale`."""
        return self.text_en if locale == "en" and self.text_en else self.text


class Figures(msgspec.Struct, frozen=True):
    """What became of the offers of one version: how many, and how many began a conversation."""

    version: int
    made_at: datetime
    shown: int
    taken: int
    dismissed: int
    talks: int


_RULE = """
    select r.id, r.rule, r.version, r.name, t.code, r.text, r.text_en, r.conditions as when, r.promotion,
        r.cool_down_days, r.position, r.is_on, r.made_at
    from offer_rule r join topic t on t.id = r.topic_id
    where r.replaced_at is null
"""


async def present(tx: Tx) -> list[Rule]:
    """The rules in use, in the operator's order."""
    return [msgspec.convert(row, Rule) for row in await tx.all(f"{_RULE} order by r.position, r.id limit {MOST}")]


async def find(tx: Tx, rule: str) -> Rule:
    """One rule in use; raises NotFound."""
    row = await tx.first(f"{_RULE} and r.rule = %s", (rule,))
    if row is None:
        raise NotFound
    return msgspec.convert(row, Rule)


async def create(tx: Tx, by: Actor | None, draft: RuleDraft) -> Rule:
    """Make a rule; raises Invalid, RulesFull."""
    await _one_at_a_time(tx)
    values = await _values(tx, draft)
    if await tx.value("select count(*) from offer_rule where replaced_at is null") >= MOST:
        raise RulesFull(most=MOST)
    made = await _add(tx, ids.public_id(), 1, values)
    await audit.record(tx, by, "offer_rule.created", made.name, after=shown(made))
    return made


async def edit(tx: Tx, by: Actor, rule: str, draft: RuleDraft) -> Rule:
    """Change a rule: a new version where customers would see a difference.  Raises Invalid, NotFound."""
    await _one_at_a_time(tx)
    before = await find(tx, rule)
    values = await _values(tx, draft)
    told = {name: value for name, value in shown(before).items() if name not in ("name", "is_on", "position")}
    if all(_shown_draft(draft)[name] == value for name, value in told.items()):
        await tx.run(
            "update offer_rule set name = %(name)s, is_on = %(is_on)s, position = %(position)s where id = %(id)s",
            {**values, "id": before.id},
        )
        after = await find(tx, rule)
    else:
        await tx.run("update offer_rule set replaced_at = app_now(), is_on = false where id = %s", (before.id,))
        after = await _add(tx, rule, before.version + 1, values)
    await audit.record(tx, by, "offer_rule.edited", after.name, before=shown(before), after=shown(after))
    return after


async def archive(tx: Tx, by: Actor | None, rule: str) -> None:
    """Take a rule out of use; its figures stay.  Raises NotFound."""
    await _one_at_a_time(tx)
    before = await find(tx, rule)
    await tx.run("update offer_rule set replaced_at = app_now(), is_on = false where id = %s", (before.id,))
    await audit.record(tx, by, "offer_rule.archived", before.name, before=shown(before))


async def figures(tx: Tx) -> dict[str, list[Figures]]:
    """What became of each version of each rule in use, the newest version first."""
    rows = await tx.all(
        """
        select r.rule, r.version, r.made_at, count(o.id) as shown, count(o.taken_at) as taken,
            count(o.dismissed_at) as dismissed,
            (select count(*) from redemption d where d.medium = 'offer' and d.scene = 'rule-' || r.id) as talks
        from offer_rule r left join offer_outcome o on o.rule_id = r.id
        where r.rule in (select rule from offer_rule where replaced_at is null)
        group by r.id order by r.rule, r.version desc
        """
    )
    found: dict[str, list[Figures]] = {}
    for row in rows:
        found.setdefault(row.pop("rule"), []).append(Figures(**row))
    return found


async def limits(tx: Tx) -> Limits:
    """How much is bearable."""
    row = await tx.one("select per_day, per_week, quiet_from, quiet_until from offer_limits")
    return Limits(**row)


async def set_limits(tx: Tx, by: Actor, wanted: Limits) -> None:
    """Say how much is bearable; raises Invalid."""
    offer_judging.demand_nights(wanted)
    before = await limits(tx)
    await tx.run(
        "update offer_limits set per_day = %(per_day)s, per_week = %(per_week)s, quiet_from = %(quiet_from)s,"
        " quiet_until = %(quiet_until)s",
        msgspec.structs.asdict(wanted),
    )
    told = msgspec.structs.asdict(before), msgspec.structs.asdict(wanted)
    await audit.record(tx, by, "offer_limits.set", "limits", before=told[0], after=told[1])


def shown(rule: Rule) -> dict[str, Any]:
    """A rule as the audit and a form tell it."""
    draft = {name: getattr(rule, name) for name in RuleDraft.__struct_fields__ if name not in ("when", "confirmed")}
    return {**draft, "when": msgspec.to_builtins(rule.when)}


def _shown_draft(draft: RuleDraft) -> dict[str, Any]:
    told = msgspec.structs.asdict(draft)
    return {
        **told,
        "text": draft.text.strip(),
        "text_en": draft.text_en.strip(),
        "when": msgspec.to_builtins(draft.when),
    }


async def _one_at_a_time(tx: Tx) -> None:
    await tx.run("select pg_advisory_xact_lock(hashtextextended('codes.offer_rules', 0))")


async def _values(tx: Tx, draft: RuleDraft) -> dict[str, Any]:
    """Checked, as columns."""
    offer_judging.demand_sense(draft.when)
    by_code = (await index(tx)).by_code
    if draft.code not in by_code:
        raise Invalid(field="code", reason="unknown", value=draft.code)
    asked = draft.when.asked
    if asked and asked.code not in by_code:
        raise Invalid(field="when", reason="unknown", value=asked.code)
    return {
        "name": draft.name.strip(),
        "topic_id": by_code[draft.code].id,
        "text": draft.text.strip(),
        "text_en": draft.text_en.strip(),
        "conditions": Json(msgspec.to_builtins(draft.when)),
        "promotion": draft.promotion,
        "cool_down_days": draft.cool_down_days,
        "position": draft.position,
        "is_on": draft.is_on,
    }


async def _add(tx: Tx, rule: str, version: int, values: dict[str, Any]) -> Rule:
    await tx.run(
        """
        insert into offer_rule (rule, version, name, topic_id, text, text_en, conditions, promotion, cool_down_days,
            position, is_on)
        values (%(rule)s, %(version)s, %(name)s, %(topic_id)s, %(text)s, %(text_en)s, %(conditions)s, %(promotion)s,
            %(cool_down_days)s, %(position)s, %(is_on)s)
        """,
        {**values, "rule": rule, "version": version},
    )
    return await find(tx, rule)
