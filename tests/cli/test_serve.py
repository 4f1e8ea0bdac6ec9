"""`mashang serve`, `worker` and `migrate`, on a database that somebody else runs."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from mashang.kit.postgres import EmbeddedPostgres
from tests.running import launch, running, variables


def mashang(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "mashang.cli", *words], cwd="/", env=variables(home, **environment),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_serves_and_ends_cleanly(tmp_path: Path, dsn: str, workers: str) -> None:
    product = launch(tmp_path, "--workers", workers, command=("serve",), MASHANG_DATABASE_URL=dsn)
    answer = httpx.get(f"{product.url}/health/ready", timeout=60)
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert product.stop() == 0
    assert "Traceback" not in "\n".join(product.said)
    assert any("/desk/first-run#" in line for line in product.said)  # nobody is operator yet


def test_its_workers_do_not_outlive_a_kill(tmp_path: Path, dsn: str) -> None:
    product = launch(tmp_path, "--workers", "2", command=("serve",), MASHANG_DATABASE_URL=dsn)
    httpx.get(f"{product.url}/health/ready", timeout=60)
    processes = product.tree()
    assert len(processes) > 2
    product.stop(signal.SIGKILL)
    _, alive = psutil.wait_procs(processes[1:], timeout=10)
    assert alive == []


def test_workers_that_are_still_starting_do_not_outlive_a_kill_either(tmp_path: Path, dsn: str) -> None:
    product = launch(tmp_path, "--workers", "2", command=("serve",), MASHANG_DATABASE_URL=dsn)
    starting: list[psutil.Process] = []
    while len(starting) < 3:  # their helper and two workers, which import for a second
        starting = psutil.Process(product.process.pid).children(recursive=True)
    product.process.kill()
    _, alive = psutil.wait_procs(starting, timeout=20)
    for one in alive:  # what it says would else be waited for
        one.kill()
    product.stop()
    assert alive == []


def test_the_worker_runs_alone(tmp_path: Path, dsn: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mashang.cli", "worker"], cwd="/",
        env=variables(tmp_path, MASHANG_DATABASE_URL=dsn), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_without_a_database_it_says_what_to_do(tmp_path: Path, command: str) -> None:
    done = mashang(tmp_path, command)
    assert done.returncode == 1
    assert "MASHANG_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_schema_is_brought_up_to_date_by_migrate_only(tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.dsn_of("postgres"), autocommit=True) as connection:
        connection.execute("create database blank template template0")
        try:
            dsn = postgres.dsn_of("blank")
            early = mashang(tmp_path, "worker", MASHANG_DATABASE_URL=dsn)
            assert (early.returncode, "bin/mashang migrate" in early.stderr) == (1, True)
            assert mashang(tmp_path, "migrate", MASHANG_DATABASE_URL=dsn).returncode == 0
            assert "up to date" in mashang(tmp_path, "migrate", MASHANG_DATABASE_URL=dsn).stdout
        finally:
            connection.execute("drop database blank with (force)")


def test_the_whole_installation_runs_on_a_database_of_ones_own(tmp_path: Path, dsn: str) -> None:
    with running(tmp_path, "--no-demo", MASHANG_DATABASE_URL=dsn) as product:
        assert httpx.get(f"{product.url}/health/ready").status_code == 200
        assert not (tmp_path / "postgres").exists()
        assert {process.name() for process in product.tree()} & {"postgres"} == set()


def test_it_allows_itself_as_many_sockets_as_it_may_have(tmp_path: Path, dsn: str) -> None:
    few, most = 256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))
    try:
        product = launch(tmp_path, command=("serve",), MASHANG_DATABASE_URL=dsn)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    try:
        assert psutil.Process(product.process.pid).rlimit(psutil.RLIMIT_NOFILE) == (most, most)
    finally:
        product.stop()
