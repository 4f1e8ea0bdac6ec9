"""`mashang password`: whoever forgot it gets in again, and what is wrong is one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from mashang.kit import ids, migrations
from mashang.kit.db import Database
from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.sealing import Sealer
from mashang.staff import passwords, second_factor, sessions
from tests import scene
from tests.folders import open_folder
from tests.running import variables

HELD = "select password_hash from agent where login = 'xiaomei'"


def run(home: Path, *words: str, typed: str = "", **environment: str) -> tuple[int, str]:
    """The command's exit code and all it said."""
    ran = subprocess.run(
        [sys.executable, "-m", "mashang.cli", "password", *words], cwd="/", env=variables(home, **environment),
        input=typed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=60,
        start_new_session=True,  # no terminal to ask at: what is typed comes from standard input
    )  # fmt: skip
    return ran.returncode, ran.stdout


async def test_a_new_password_is_printed_once_signs_in_and_ends_every_session(
    tmp_path: Path, database: Database, dsn: str
) -> None:
    async with database.transaction() as tx:
        agent = (await scene.build(tx)).agent
        await sessions.start(tx, agent.id, "127.0.0.1", "")
    status, said = run(tmp_path, "ＸiaoMei", MASHANG_DATABASE_URL=dsn)
    assert (status, len(said.splitlines())) == (0, 1)
    async with database.transaction() as tx:
        assert await passwords.is_right(said.split()[-1], await tx.value(HELD))
        assert not await tx.value("select count(*) from staff_session where expires_at > app_now()")
        lines = await tx.all("select action, subject, agent_id from audit order by id desc limit 1")
    assert lines == [{"action": "agent.password_set", "subject": agent.public_id, "agent_id": None}]


async def test_one_may_type_it_oneself(tmp_path: Path, database: Database, dsn: str) -> None:
    async with database.transaction() as tx:
        await scene.build(tx)
    chosen = f"hat-{ids.public_id()}"
    status, said = run(tmp_path, "xiaomei", "--ask", typed=f"{chosen}\n{chosen}\n", MASHANG_DATABASE_URL=dsn)
    assert status == 0
    assert chosen not in said
    async with database.transaction() as tx:
        assert await passwords.is_right(chosen, await tx.value(HELD))


async def test_a_second_factor_is_forgotten_when_asked(tmp_path: Path, database: Database, dsn: str) -> None:
    async with database.transaction() as tx:
        agent = (await scene.build(tx)).agent
        await second_factor.offer(tx, Sealer(bytes(32)), agent, "Mashang")
        await tx.run("update second_factor set confirmed_at = app_now()")
    held = "select count(*) from second_factor"
    assert run(tmp_path, "xiaomei", MASHANG_DATABASE_URL=dsn)[0] == 0
    async with database.transaction() as tx:
        assert await tx.value(held) == 1
    assert run(tmp_path, "xiaomei", "--without-second-factor", MASHANG_DATABASE_URL=dsn)[0] == 0
    async with database.transaction() as tx:
        assert await tx.value(held) == 0


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("nobody",), "", "Nobody of the staff has the login nobody."),
        (("xiaomei", "--ask"), "short\nshort\n", "The password needs at least 10 characters."),
        (("xiaomei", "--ask"), "password123\npassword123\n", "This password is too easy to guess."),
        (("xiaomei", "--ask"), "correct horse 1\ncorrect horse 2\n", "The two passwords differ."),
    ],
)
async def test_what_is_wrong_is_one_sentence_and_changes_nothing(  # noqa: PLR0917 — three are the case
    tmp_path: Path, database: Database, dsn: str, words: tuple[str, ...], typed: str, sentence: str
) -> None:
    async with database.transaction() as tx:
        await scene.build(tx)
        before = await tx.value(HELD)
    status, said = run(tmp_path, *words, typed=typed, MASHANG_DATABASE_URL=dsn)
    assert status == 1
    assert sentence in said
    assert "Traceback" not in said
    async with database.transaction() as tx:
        assert await tx.value(HELD) == before


def test_it_finds_the_installations_own_database_running_or_not() -> None:
    with open_folder() as folder:
        home = folder / "home"
        assert "bin/up" in run(home, "xiaomei")[1]
        with EmbeddedPostgres(home / "postgres", durable=False) as server:
            migrations.migrate(server.dsn)
            with psycopg.connect(server.dsn) as connection:
                connection.execute(
                    "insert into agent (public_id, login, name, role, password_hash, capacity)"
                    " values ('a1', 'xiaomei', '小美', 'agent', 'x', 5)"
                )
            assert run(home, "xiaomei")[0] == 0
        assert run(home, "xiaomei")[0] == 0
