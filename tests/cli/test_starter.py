"""`mashang starter-knowledge`: an installation without a demo begins with answers, once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.kit.db import Database
from mashang.knowledge import reading, starting
from mashang.shops.questions import PARTS
from tests import scene
from tests.running import variables


def run(home: Path, dsn: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "mashang.cli", "starter-knowledge"], cwd="/",
        env=variables(home, MASHANG_DATABASE_URL=dsn), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    return ran.returncode, ran.stdout


async def test_what_is_missing_is_added_with_the_codes_there_are(tmp_path: Path, database: Database, dsn: str) -> None:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        draft = TopicDraft(code="DD", name="订单咨询", department=stage.department.public_id)
        await topics.create(tx, None, draft, PARTS)
    status, said = run(tmp_path, dsn)
    assert (status, str(len(starting.starters())) in said) == (0, True), said
    async with database.transaction() as tx:
        told = {one.key: one.texts["zh-CN"].body for one in await reading.published(tx)}
    assert len(told) == len(starting.starters())
    assert "**DD**" in told["order-status"]
    assert "**SH**" not in told["refund-how"]
    assert run(tmp_path, dsn)[0] == 0
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from audit where action = 'article.begun'") == 1
