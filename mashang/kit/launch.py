"""The step between us and a program we start: gives up root, and dies with its parent.

Run as a script, before the program it turns into, with a plan as JSON in its only
argument (`child.py` writes it).  It is a program of its own because each of its acts
must happen in the child, after the fork and before the exec: take an account's
identity, hide behind a private mount namespace where a parent folder is closed to
that account, and ask the kernel for SIGINT when the parent dies (Linux; elsewhere
it stays and watches a pipe that only the parent holds open).

Does not: decide anything, or import anything of the product, so that it starts in
a few milliseconds.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
from typing import Any, NoReturn

CLOSED = 77  # exit status: a folder on the way is closed to the account, and hiding is not permitted

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_CLONE_NEWNS = 0x00020000  # <linux/sched.h>
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000  # <linux/mount.h>


def main(plan: dict[str, Any]) -> NoReturn:
    """Become the program of the plan."""
    places = plan["places"]
    if plan["uid"] != os.geteuid():
        closed = _closed_to(plan, places)
        if closed:
            places = _hidden_places(places, closed)
            closed = _closed_to(plan, places)  # bound, yet the folder itself may be closed
        if closed:
            _give_up(closed)
        _become(plan["uid"], plan["gid"])
    command = [_placed(word, places) for word in plan["command"]]
    if plan["watch"] is not None:
        sys.exit(_watch(plan["watch"], command))
    die_with(plan["parent"])
    os.execv(command[0], command)


def _placed(word: str, places: dict[str, str]) -> str:
    for name, path in places.items():
        word = word.replace(name, path)
    return word


def _become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int) -> None:
    """Ask the kernel for SIGINT when `parent`, which must be ours, ends."""
    # After setuid: a change of identity clears the wish (prctl(2)).
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGINT) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


def _closed_to(plan: dict[str, Any], places: dict[str, str]) -> str:
    """The first folder that keeps the account out, or nothing; a child tries, so ACLs count too."""
    paths = [_placed(word, places) for word in plan["needed"]]
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _become(plan["uid"], plan["gid"])
        os.write(writing, next((found for path in paths if (found := _first_closed(path))), "").encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        closed = answer.read().decode()
    os.waitpid(child, 0)
    return closed


def _first_closed(path: str) -> str:
    way = "/"
    for part in ["", *path.strip("/").split("/")]:
        way = os.path.join(way, part)
        if not os.access(way, os.X_OK):
            return way
    return ""


def _hidden_places(places: dict[str, str], closed: str) -> dict[str, str]:
    """Bind the places below an open folder, where only this process and its children see it."""
    libc = ctypes.CDLL(None, use_errno=True)
    cover = next(path for path in ("/mnt", "/media", "/srv", "/opt") if os.path.isdir(path))
    hidden = {name: os.path.join(cover, name.strip("@")) for name in places}
    try:
        _checked(libc.unshare(_CLONE_NEWNS))
        _mount(libc, "none", "/", flags=_MS_REC | _MS_PRIVATE)
        # Opened before they are covered: a place may itself lie below the covering folder.
        opened = {name: os.open(path, os.O_RDONLY | os.O_DIRECTORY) for name, path in places.items()}
        _mount(libc, "tmpfs", cover, kind="tmpfs", data="mode=0755,size=1m")
        for name, path in hidden.items():
            os.mkdir(path)
            _mount(libc, f"/proc/self/fd/{opened[name]}", path, flags=_MS_BIND | _MS_REC)
    except OSError:
        _give_up(closed)
    for descriptor in opened.values():
        os.close(descriptor)
    return hidden


def _give_up(closed: str) -> NoReturn:
    sys.stderr.write(closed + "\n")
    sys.exit(CLOSED)


def _mount(libc: ctypes.CDLL, source: str, target: str, *, kind: str = "", flags: int = 0, data: str = "") -> None:
    words = [word.encode() if word else None for word in (source, target, kind)]
    _checked(libc.mount(*words, ctypes.c_ulong(flags), data.encode() if data else None))


def _checked(answer: int) -> None:
    if answer != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _watch(pipe: int, command: list[str]) -> int:
    """Run the command until it ends; SIGINT it when the other end of the pipe is gone."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # only so that select wakes
    child = os.fork()
    if child == 0:
        signal.set_wakeup_fd(-1)
        os.close(pipe)
        os.execv(command[0], command)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, lambda number, _: os.kill(child, number))
    waiting = [pipe, woken]
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) & 0xFF
        ready, _, _ = select.select(waiting, [], [])
        if pipe in ready:
            os.kill(child, signal.SIGINT)
            waiting.remove(pipe)
        if woken in ready:
            os.read(woken, 64)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
