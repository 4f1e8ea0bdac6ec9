"""`mashang up`: a whole installation starts, tells how to reach it, and ends without leaving anything."""

from __future__ import annotations

import os
import pwd
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from tests.folders import open_folder
from tests.running import Product, launch, packages, running

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="another account can only be tried as root")


@pytest.fixture
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "home"


def refused(product: Product) -> str:
    """The one sentence of a product that did not start."""
    status = product.process.wait(60)
    product.draining.join()
    assert status == 1
    sentences = [line for line in product.said if not line.endswith("…")]
    assert len(sentences) == 1, product.said
    return sentences[0]


# ── it starts ───────────────────────────────────────────────────────────────


def test_it_tells_its_addresses_and_answers_there(product: Product) -> None:
    text = "\n".join(product.said)
    assert f"{product.url}/desk" in text
    assert product.shop_url in text
    assert product.said[-1].startswith("ready")
    assert httpx.get(f"{product.url}/health/ready").json()["status"] == "ready"
    assert httpx.get(product.shop_url).status_code == 200


def test_the_printed_passwords_sign_in(product: Product) -> None:
    printed = dict(re.findall(r"(wang|chen|xiaomei|aqiang|xiaoya)\s+(\S+)", "\n".join(product.said)))
    assert printed == product.passwords
    with httpx.Client(base_url=f"{product.url}/api/v1") as desk:
        desk.get("/staff/me")
        answer = desk.post(
            "/staff/sign-in",
            json={"login": "xiaomei", "password": printed["xiaomei"]},
            headers={"x-csrf-token": desk.cookies["mashang_csrf"]},
        )
    assert answer.status_code < 300
    assert answer.json()["name"] == "小美"


def test_each_installation_has_passwords_of_its_own(product: Product, fresh_product: Product) -> None:
    assert not set(product.passwords.values()) & set(fresh_product.passwords.values())


def test_it_listens_only_on_this_machine(product: Product) -> None:
    listening = {
        connection.laddr.ip
        for process in product.tree()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_secrets_are_readable_by_their_owner_only(product: Product) -> None:
    modes = {path.name: path.stat().st_mode & 0o077 for path in product.home.iterdir() if path.is_file()}
    assert modes == dict.fromkeys(["demo.json", "demo-shop.json", "secret.key"], 0)


def test_the_next_start_finds_everything_again_even_on_other_ports(home: Path) -> None:
    with running(home) as first:
        passwords, first_shop = first.passwords, first.shop_url
    with running(home) as second, psycopg.connect(second.dsn) as connection:
        assert second.passwords == passwords
        assert second.shop_url != first_shop
        origins, base_url = connection.execute(
            "select site.origins, shop.base_url from site join shop on shop.id = site.shop_id"
        ).fetchone() or ([], "")
        assert second.shop_url in origins
        assert first_shop not in origins
        assert base_url == f"{second.shop_url}/connector/v1"


def test_without_a_demo_a_one_time_link_makes_the_first_operator(empty_product: Product) -> None:
    secret = next(line.partition("#")[2] for line in empty_product.said if "/desk/first-run#" in line)
    asked = httpx.get(f"{empty_product.url}/api/v1/staff/first-run", headers={"x-first-run-secret": secret})
    assert asked.json() == {"valid": True}
    with psycopg.connect(empty_product.dsn) as connection:
        assert connection.execute("select count(*) from agent").fetchone() == (0,)
        left = connection.execute("select expires_at - app_now() from first_run_link").fetchone()
    assert left is not None
    assert 0.99 < left[0].total_seconds() / 86_400 <= 1


@needs_root
def test_an_ordinary_user_needs_no_rights(home: Path, strangers_python: str) -> None:
    home.mkdir()
    somebody = pwd.getpwnam("nobody")
    os.chown(home, somebody.pw_uid, somebody.pw_gid)
    become = ("setpriv", f"--reuid={somebody.pw_uid}", f"--regid={somebody.pw_gid}", "--clear-groups")
    product = launch(home, python=(*become, strangers_python), PYTHONPATH=packages())
    assert product.said[-1].startswith("ready")
    processes = product.tree()
    assert {process.uids().real for process in processes} == {somebody.pw_uid}
    assert product.stop() == 0
    assert [process for process in processes if process.is_running()] == []


# ── it ends ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_of_it_cleanly(home: Path, how: signal.Signals) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup the product rightly stays
    try:
        product = launch(home, "--no-demo")
    finally:
        signal.signal(signal.SIGHUP, before)
    processes = product.tree()
    assert product.stop(how) == 0
    assert [process for process in processes if process.is_running()] == []
    assert product.said[-1] == "Stopped."
    assert "Traceback" not in "\n".join(product.said)


def test_a_kill_leaves_nothing_running(fresh_product: Product) -> None:
    processes = fresh_product.tree()
    assert {process.name() for process in processes} >= {"postgres"}
    assert any("demo.shop" in process.cmdline() for process in processes)
    fresh_product.process.kill()
    _, alive = psutil.wait_procs(processes[1:], timeout=10)
    assert alive == []


def test_after_a_kill_it_starts_again_with_what_was_stored(home: Path) -> None:
    killed = launch(home, "--no-demo")
    with psycopg.connect(killed.dsn, autocommit=True) as connection:
        connection.execute("insert into department (public_id, name) values ('kept', 'kept')")
        killed.process.kill()
    killed.process.wait()
    with running(home, "--no-demo") as again, psycopg.connect(again.dsn) as connection:
        assert connection.execute("select name from department").fetchone() == ("kept",)


def test_a_database_that_dies_is_started_again(empty_product: Product) -> None:
    postmaster = next(process for process in empty_product.tree() if process.name() == "postgres")
    postmaster.kill()
    psutil.wait_procs([postmaster], timeout=10)
    answers = (httpx.get(f"{empty_product.url}/health/ready", timeout=60).status_code for _ in range(1000))
    assert 200 in answers
    assert postmaster not in empty_product.tree()


# ── it cannot start ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("option", ["--port", "--shop-port"])
def test_a_taken_port_is_named_before_anything_is_made(home: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        product = launch(home, option, str(port))
        assert f"Port {port}" in refused(product)
    assert not (home / "postgres").exists()


def test_an_address_that_is_not_ours_is_named(home: Path) -> None:
    assert refused(launch(home, "--host", "192.0.2.1")).startswith("192.0.2.1 is no address of this machine")


@pytest.mark.parametrize("dsn", ["postgresql://127.0.0.1:1/mashang", "postgresql:///mashang?host=/nowhere", "what?"])
def test_an_unreachable_database_is_named(home: Path, dsn: str) -> None:
    assert "MASHANG_DATABASE_URL" in refused(launch(home, "--no-demo", MASHANG_DATABASE_URL=dsn))


def test_a_database_address_that_is_none_is_refused_without_its_password(home: Path) -> None:
    told = refused(launch(home, "--no-demo", MASHANG_DATABASE_URL="mysql://mashang:a-secret-word@127.0.0.1/mashang"))
    assert "MASHANG_DATABASE_URL" in told
    assert "a-secret-word" not in told


def test_a_second_product_on_the_same_home_is_told_so(empty_product: Product) -> None:
    second = launch(empty_product.home, "--no-demo")
    assert f"process {empty_product.process.pid}" in refused(second)


def test_a_wrong_setting_is_named(home: Path) -> None:
    assert "upload_limit" in refused(launch(home, "--no-demo", MASHANG_UPLOAD_LIMIT="much"))


def test_the_sentence_comes_in_chinese_on_a_chinese_terminal(home: Path) -> None:
    assert "无法识别监听地址" in refused(launch(home, "--host", "no such host", LC_ALL="zh_CN.UTF-8"))


def test_a_home_that_cannot_be_made_is_named(home: Path) -> None:
    home.write_text("a file where a folder should be")
    assert str(home) in refused(launch(home / "below"))


@needs_root
def test_a_full_disk_is_named(home: Path) -> None:
    home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0755", "tmpfs", str(home)], check=True)
    try:
        assert "disk is full" in refused(launch(home, "--no-demo"))
    finally:
        subprocess.run(["umount", str(home)], check=True)


def test_a_very_long_path_works(home: Path) -> None:
    deep = home / ("长" * 30) / ("路" * 30)
    with running(deep, "--no-demo") as product:
        assert httpx.get(f"{product.url}/health/ready").status_code == 200
