"""The forms that shops declared reach the masking of messages."""

from __future__ import annotations

from mashang.codes import declared, topics
from mashang.codes.topics import TopicDraft
from mashang.guard.masking import mask
from mashang.kit.db import Database, Json
from mashang.staff import departments
from mashang.staff.departments import DepartmentDraft

CAPABILITIES = {"order_number_shapes": ["QN999999999999"], "card_key_shapes": ["XXXX-XXXX-XXXX-XXXX"]}


async def a_shop(db: Database, capabilities: dict[str, object] | None) -> None:
    async with db.transaction() as tx:
        await tx.run(
            """
            insert into shop (public_id, name, base_url, key_id, secret_sealed, capabilities)
            values (%(id)s, 'x', 'https://x.example', %(id)s, '', %(capabilities)s)
            """,
            {"id": f"shop{capabilities is None}", "capabilities": capabilities and Json(capabilities)},
        )


async def test_forms_of_all_shops_and_all_codes_are_known(database: Database) -> None:
    async with database.transaction() as tx:
        department = await departments.create(tx, None, DepartmentDraft("充值"))
        await topics.create(tx, None, TopicDraft(code="HELP24", name="x", department=department.public_id), ())
    await a_shop(database, CAPABILITIES)
    await a_shop(database, None)
    rules = await declared.rules(database)
    assert mask("ABCD-EFGH-IJKL-MNOP，卡密QN202411210001，卡密：HELP24", rules).text == (
        "••••MNOP，卡密QN202411210001，卡密：HELP24"
    )


async def test_an_installation_without_shops_masks_by_cues_alone(database: Database) -> None:
    assert (
        mask("密码：abc123 ABCD-EFGH-IJKL-MNOP", await declared.rules(database)).text
        == "密码：•••• ABCD-EFGH-IJKL-MNOP"
    )


async def test_asking_again_asks_no_database(database: Database, queries) -> None:
    await declared.rules(database)
    queries.clear()
    await declared.rules(database)
    assert len(queries) == 0
