"""`bin/test` where Chromium, Chinese fonts and MariaDB are missing: it installs them, else says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(__file__).parents[2] / "bin"
ROOT, SOMEBODY = 0, 1000
INSTALL = "install -y --no-install-recommends chromium fonts-noto-cjk mariadb-server-core"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """All the programs that are on PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


def has(machine: Path, name: str, script: str) -> None:
    """Put a program there; it may write down how it was called."""
    program = machine / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def install(machine: Path, user: int) -> subprocess.CompletedProcess[str]:
    """That step of bin/test, as this user."""
    program = (
        "import os; from importlib.machinery import SourceFileLoader as Loader;"
        "from importlib.util import module_from_spec, spec_from_loader;"
        f"os.geteuid = lambda: {user}; spec = spec_from_loader('run', Loader('run', {str(BIN / 'test')!r}));"
        "run = module_from_spec(spec); spec.loader.exec_module(run); run._SERVERS = ();"
        "run.steps.guarded(run.install_system_packages)"
    )
    environment = {"PATH": str(machine), "LC_ALL": "C.UTF-8"}
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)


def test_what_is_missing_is_installed_where_that_is_permitted(machine: Path) -> None:
    has(machine, "apt-get", f'echo "$@" >>{machine}/log')
    done = install(machine, ROOT)
    assert done.returncode == 0, done.stderr
    assert (machine / "log").read_text().splitlines() == ["update", INSTALL]


def test_where_it_is_not_permitted_one_sentence_says_what_to_install(machine: Path) -> None:
    has(machine, "apt-get", "exit 1")
    has(machine, "sudo", "exit 1")
    done = install(machine, SOMEBODY)
    assert done.returncode == 1
    assert done.stderr.strip() == f"Run as root first: apt-get {INSTALL}"


def test_without_a_package_manager_one_sentence_says_what_is_needed(machine: Path) -> None:
    done = install(machine, ROOT)
    assert done.returncode == 1
    assert done.stderr.strip() == "Install Chromium, Chinese fonts and MariaDB's server first."


def test_what_is_there_is_left_alone(machine: Path) -> None:
    has(machine, "chromium", "")
    has(machine, "fc-list", "echo Noto")
    has(machine, "mariadbd", "")
    has(machine, "apt-get", "exit 1")
    assert install(machine, SOMEBODY).returncode == 0
