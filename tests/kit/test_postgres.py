"""The embedded server: where it can run, who reaches it, and that nothing of it is ever left over."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.trouble import Trouble
from tests.folders import open_folder
from tests.running import packages

ROOT = Path(__file__).parents[2]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="another account can only be tried as root")

# A program that runs a server in the folder it is given, says what it sees, and waits to be killed.
HOLDER = """
import json, sys
from pathlib import Path
import psycopg
from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.trouble import Trouble
try:
    with EmbeddedPostgres(Path(sys.argv[1]), durable=False, watch_by_pipe="pipe" in sys.argv) as server:
        pid = psycopg.connect(server.dsn).execute("select pg_backend_pid()").fetchone()[0]
        print(json.dumps({"dsn": server.dsn, "backend": pid}), flush=True)
        sys.stdin.read()
except Trouble as trouble:
    print(json.dumps({"trouble": trouble.code, **{k: str(v) for k, v in trouble.facts.items()}}), flush=True)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as base:
        yield base / "pg"


def hold(folder: Path, *words: str, before: tuple[str, ...] = ()) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """Start the program in a process of its own; what it said first."""
    command = [*before, sys.executable, "-c", HOLDER, str(folder), *words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    process = subprocess.Popen(
        command, cwd="/", env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    return process, json.loads(process.stdout.readline())


def end(process: subprocess.Popen[str], how: signal.Signals | None = None) -> None:
    if how:
        process.send_signal(how)
    process.communicate()


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process that holds the folder's lock: the server and all it started."""
    lock = str(folder / "lock")
    return [process for process in psutil.process_iter(["name", "username"]) if lock in _open_files(process)]


def _listens(process: psutil.Process) -> bool:
    try:
        return process.info["name"] == "postgres" and bool(process.net_connections(kind="inet"))
    except psutil.NoSuchProcess:  # one that cleans up has done so and gone
        return False


def _open_files(process: psutil.Process) -> list[str]:
    try:
        return [str(link.readlink()) for link in Path(f"/proc/{process.pid}/fd").iterdir()]
    except (FileNotFoundError, PermissionError):
        return []


def test_what_was_stored_is_there_at_the_next_start(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server, psycopg.connect(server.dsn) as connection:
        connection.execute("create table kept as select '码上' as word")
    with EmbeddedPostgres(folder, durable=False) as server, psycopg.connect(server.dsn) as connection:
        assert connection.execute("select word from kept").fetchone() == ("码上",)


def test_text_is_utf_8_and_sorted_by_code_point_whatever_the_machine_speaks(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server, psycopg.connect(server.dsn) as connection:
        found = connection.execute(
            "select pg_encoding_to_char(encoding), datlocprovider::text, datlocale"
            " from pg_database where datname = current_database()"
        ).fetchone()
    assert found == ("UTF8", "b", "C.UTF-8")


def test_a_durable_server_waits_for_the_disk(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.dsn) as connection:
        settings = dict(connection.execute("select name, setting from pg_settings").fetchall())
    assert [settings[name] for name in ("fsync", "synchronous_commit", "full_page_writes")] == ["on", "on", "on"]


def test_it_listens_on_no_network_and_only_our_account_may_open_its_socket(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.running
        assert [process for process in processes_of(folder) if _listens(process)] == []
        assert (folder / "run").stat().st_mode & 0o777 == 0o700
        assert (folder / "run" / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700


@needs_root
def test_as_root_it_runs_under_an_account_that_exists_already(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False):
        users = {process.info["username"] for process in processes_of(folder) if process.info["name"] == "postgres"}
        assert users <= {"postgres", "nobody"}
        assert len(users) == 1


@needs_root
def test_another_account_is_not_let_in(folder: Path, strangers_python: str) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        (folder / "run").chmod(0o755)
        (folder / "run" / ".s.PGSQL.5432").chmod(0o777)
        tried = subprocess.run(
            [strangers_python, "-c", "import psycopg, sys; psycopg.connect(sys.argv[1])", server.dsn],
            user="daemon", extra_groups=[], cwd="/", capture_output=True, text=True, check=False,
            env={"PYTHONPATH": packages()},
        )  # fmt: skip
    assert "Peer authentication failed" in tried.stderr


@pytest.mark.parametrize("how", ["kernel", "pipe"])
def test_a_kill_leaves_nothing_running(folder: Path, how: str) -> None:
    process, _ = hold(folder, how)
    left = processes_of(folder)
    assert len(left) > 3
    end(process, signal.SIGKILL)
    _, alive = psutil.wait_procs(left, timeout=5)
    assert alive == []


def test_after_a_kill_the_next_start_waits_for_the_last_remnant_and_succeeds(folder: Path) -> None:
    process, _ = hold(folder)
    end(process, signal.SIGKILL)
    with EmbeddedPostgres(folder, durable=False) as server, psycopg.connect(server.dsn) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_second_product_on_the_same_folder_is_told_who_holds_it(folder: Path) -> None:
    process, _ = hold(folder)
    with pytest.raises(Trouble) as refused, EmbeddedPostgres(folder, durable=False):
        pass
    end(process)
    assert refused.value.code == "home_in_use"
    assert refused.value.facts["process"] == str(process.pid)


def test_a_server_that_ended_by_itself_can_be_started_again(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(postmaster)] if psutil.pid_exists(postmaster) else [], timeout=5)
        assert not server.running
        server.start()
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_a_number_in_a_stale_pid_file_that_is_another_program_now_does_not_stop_the_start(folder: Path) -> None:
    process, _ = hold(folder)
    pid_file = (folder / "data" / "postmaster.pid").read_text()
    end(process)
    (folder / "data" / "postmaster.pid").write_text(pid_file.replace(pid_file.split()[0], str(os.getpid()), 1))
    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.running


def test_a_folder_with_a_name_too_long_for_a_socket_works(folder: Path) -> None:
    deep = folder.parent / ("长" * 40) / "pg"
    with EmbeddedPostgres(deep, durable=False) as server, psycopg.connect(server.dsn) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        short = Path(psycopg.conninfo.conninfo_to_dict(server.dsn)["host"])
        assert short.stat().st_mode & 0o777 == 0o700
    assert not short.exists()


@needs_root
def test_the_short_folder_is_refused_when_others_may_enter_it(folder: Path) -> None:
    deep = folder.parent / ("长" * 40) / "pg"
    with EmbeddedPostgres(deep, durable=False) as server:
        short = Path(psycopg.conninfo.conninfo_to_dict(server.dsn)["host"])
    short.mkdir(mode=0o777)
    try:
        with pytest.raises(Trouble, match="postgres_long_path"), EmbeddedPostgres(deep, durable=False):
            pass
    finally:
        short.rmdir()


@needs_root
def test_a_closed_parent_folder_does_not_matter_where_it_can_be_hidden(folder: Path) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "pg", durable=False) as server, psycopg.connect(server.dsn) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in closed.iterdir()) == ["pg"]


@needs_root
def test_where_it_cannot_be_hidden_the_closed_folder_is_named(folder: Path) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    without = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
    process, said = hold(closed / "pg", before=without)
    end(process)
    assert said["trouble"] == "postgres_closed"
    assert said["folder"] == str(closed)


@needs_root
def test_data_of_another_user_are_not_touched(folder: Path, strangers_python: str) -> None:
    with EmbeddedPostgres(folder, durable=False):
        pass
    stranger = pwd.getpwnam("daemon")
    os.chown(folder, stranger.pw_uid, stranger.pw_gid)
    (folder / "lock").chmod(0o666)
    process = subprocess.run(
        [strangers_python, "-c", HOLDER, str(folder)], user=stranger.pw_uid, extra_groups=[], cwd="/",
        capture_output=True, text=True, check=True, env={"PYTHONPATH": packages()},
    )  # fmt: skip
    assert json.loads(process.stdout)["trouble"] == "postgres_foreign"


@needs_root
@pytest.mark.parametrize("size", ["16m", "20m", "22m"])  # it ends in other words at each of these
def test_a_full_disk_is_named(folder: Path, size: str) -> None:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", str(folder)], check=True)
    try:
        with pytest.raises(Trouble, match="disk_full"), EmbeddedPostgres(folder, durable=False):
            pass
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_what_people_wrote_does_not_reach_the_log(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            connection.execute("create table said (words text primary key check (words <> 'a-secret-word'))")
            with pytest.raises(psycopg.IntegrityError):
                connection.execute("insert into said values ('a-secret-word')")
        assert "a-secret-word" not in (folder / "log").read_text()
