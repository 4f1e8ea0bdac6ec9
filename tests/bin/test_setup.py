"""`bin/…` on a fresh clone: what is installed, when it is skipped, and what is said when it cannot be."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bin.mirror import integrity, mirror, tarball, wheel

BIN = Path(__file__).parents[2] / "bin"
has_pip = pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="this Python has no pip to fall back to")
_INSTALL = "setup_steps.install(setup_steps.ROOT / 'requirements.lock')"
_INSTALL_WEB = "setup_steps.install_web(setup_steps.node_environment())"
_BUILD = "setup_steps.build_pages()"


@dataclass
class Clone:
    """A folder like ours, with one tiny package instead of many, and pip told to look only beside it."""

    root: Path

    @property
    def python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    def publish(self, version: str) -> None:
        """Put tiny==VERSION on the shelf and lock it."""
        package = self.root / "shelf" / f"tiny-{version}-py3-none-any.whl"
        package.parent.mkdir(exist_ok=True)
        package.write_bytes(wheel(version))
        self.lock(version, hashlib.sha256(package.read_bytes()).hexdigest())

    def lock(self, version: str, digest: str) -> None:
        (self.root / "requirements.lock").write_text(f"tiny=={version} --hash=sha256:{digest}\n")

    def run(self, step: str, *missing: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Take a set-up step on a Python without these modules."""
        program = (
            f"import sys; sys.modules.update(dict.fromkeys({missing!r}));"
            f"sys.path.insert(0, {str(self.root / 'bin')!r});"
            f"import setup_steps; setup_steps.guarded(lambda: {step})"
        )
        ours = {
            name: value for name, value in os.environ.items() if not re.match("(?i)(pip|npm_config|https?_proxy)", name)
        }
        variables = {
            **ours, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "LC_ALL": "C.UTF-8",
            "PIP_FIND_LINKS": str(self.root / "shelf"), **environment,
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False
        )

    def installed(self) -> str:
        asked = [str(self.python), "-c", "import tiny; print(tiny.version)"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    shutil.copytree(BIN, tmp_path / "bin")
    made = Clone(tmp_path)
    made.publish("1.0")
    return made


def test_what_the_lock_says_is_installed_once_and_again_when_it_changes(clone: Clone) -> None:
    assert clone.run(_INSTALL).returncode == 0
    assert clone.installed() == "1.0"
    again = clone.run(_INSTALL, PIP_FIND_LINKS="/nowhere")
    assert (again.returncode, again.stdout) == (0, "")
    clone.publish("2.0")
    assert clone.run(_INSTALL).returncode == 0
    assert clone.installed() == "2.0"


@has_pip
def test_a_python_without_ensurepip_uses_the_pip_at_hand(clone: Clone) -> None:
    done = clone.run(_INSTALL, "ensurepip")
    assert done.returncode == 0, done.stderr
    assert clone.installed() == "1.0"
    assert not (clone.root / ".venv" / "bin" / "pip").exists()


@pytest.mark.skipif(not shutil.which("npm"), reason="this machine has no npm")
def test_behind_mirrors_nobody_else_is_asked(clone: Clone) -> None:
    package = tarball()
    with mirror() as mirrored:
        mirrored.stock(wheel("1.0"), package)
        (clone.root / "pip.conf").write_text(f"[global]\nindex-url = {mirrored.url}/simple\n")
        (clone.root / "npmrc").write_text(f"registry = {mirrored.url}/npm/\nfetch-retries = 0\n")
        _lock_the_web(clone.root / "web", package)
        configured = {
            "PIP_CONFIG_FILE": str(clone.root / "pip.conf"),
            "PIP_NO_INDEX": "0",
            "PIP_FIND_LINKS": "",
            "PIP_RETRIES": "0",
            "PIP_CACHE_DIR": str(clone.root / "pip-cache"),
            "npm_config_userconfig": str(clone.root / "npmrc"),
            "npm_config_cache": str(clone.root / "npm-cache"),
            "https_proxy": mirrored.url,
            "http_proxy": mirrored.url,
            "no_proxy": "127.0.0.1",
        }
        python, web = clone.run(_INSTALL, **configured), clone.run(_INSTALL_WEB, **configured)
    assert mirrored.elsewhere == []
    assert (python.returncode, web.returncode) == (0, 0), python.stderr + web.stderr
    assert set(mirrored.shelf) <= set(mirrored.asked)
    assert clone.installed() == "1.0"
    assert (clone.root / "web" / "node_modules" / "tiny-page" / "package.json").is_file()


def _lock_the_web(folder: Path, package: bytes) -> None:
    """A web folder that needs tiny-page, its lock file without a registry, as ours is."""
    folder.mkdir()
    shutil.copy(BIN.parent / "web" / ".npmrc", folder)
    needs = {"name": "web", "version": "1.0.0", "dependencies": {"tiny-page": "1.0.0"}}
    locked = {"version": "1.0.0", "integrity": integrity(package)}
    lock = {"name": "web", "lockfileVersion": 3, "requires": True}
    (folder / "package.json").write_text(json.dumps(needs))
    packages = {"": needs, "node_modules/tiny-page": locked}
    (folder / "package-lock.json").write_text(json.dumps({**lock, "packages": packages}))


def test_a_python_without_any_pip_is_told_which_package_to_install(clone: Clone) -> None:
    done = clone.run(_INSTALL, "ensurepip", "pip")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "run first:" in done.stderr


@has_pip
def test_a_package_that_is_not_the_locked_one_is_refused(clone: Clone) -> None:
    clone.lock("1.0", "0" * 64)
    done = clone.run(_INSTALL, "ensurepip")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "HASH" in (clone.root / ".setup.log").read_text().upper()


@has_pip
def test_without_a_network_one_sentence_says_so_and_the_next_try_is_a_fresh_one(clone: Clone) -> None:
    done = clone.run(_INSTALL, "ensurepip", PIP_FIND_LINKS="/nowhere")
    assert done.returncode == 1
    assert "cannot be downloaded" in done.stderr
    assert done.stderr.count("\n") == 1
    assert clone.run(_INSTALL, "ensurepip").returncode == 0


@has_pip
def test_the_sentence_comes_in_chinese_on_a_chinese_terminal(clone: Clone) -> None:
    assert "无法下载依赖" in clone.run(_INSTALL, "ensurepip", PIP_FIND_LINKS="/nowhere", LC_ALL="zh_CN.UTF-8").stderr


def test_pages_that_came_with_the_release_are_not_built_again(clone: Clone) -> None:
    part = clone.root / "web" / "desk"
    (part / "dist").mkdir(parents=True)
    (part / "vite.config.ts").write_text("export default {};\n")
    (clone.root / "web" / "package-lock.json").write_text("{}\n")
    stamp = "(setup_steps.WEB / '.built').write_text(setup_steps._hash(setup_steps._page_sources()))"
    assert clone.run(f"{stamp} and None").returncode == 0
    nowhere = {"PATH": "/nowhere"}
    assert clone.run(_BUILD, **nowhere).returncode == 0
    (part / "main.ts").write_text("a new line\n")
    assert clone.run(_BUILD, **nowhere).returncode == 1


@pytest.mark.parametrize("command", ["mashang", "bench"])
def test_commands_that_need_the_set_up_say_so(clone: Clone, command: str) -> None:
    done = subprocess.run([clone.root / "bin" / command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "bin/up" in done.stderr


def test_lock_files_carry_hashes_and_no_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (BIN.parent / name).read_text("utf-8")
        assert text.count("--hash=sha256:") > 20
        assert "://" not in text
