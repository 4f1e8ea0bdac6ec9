"""A program of ours in a process of its own, that never outlives us.

However we end, by our own will, by a signal or by `kill -9`, the kernel tells the
child (see `launch.py`).  It has a session of its own, so that a Ctrl-C at the
terminal reaches only us, and we end it in our order.

Does not: restart it; whoever started it knows whether that makes sense.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from mashang.kit import launch

WATCH_BY_PIPE = sys.platform != "linux"  # only Linux tells a child of its parent's death


class Account(NamedTuple):
    """Who a child runs as."""

    uid: int
    gid: int
    name: str


class Child:
    """Started at once; what it says goes to the end of `log`.

    To be made from the main thread: the kernel watches the *thread* that started a
    child.  `kept` are descriptors it inherits.  Under another `account`, a `@place`
    in the command or in `needed` stands for a path that may be hidden elsewhere for it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        kept: Sequence[int] = (),
        account: Account | None = None,
        places: Mapping[str, str] | None = None,
        needed: Sequence[str] = (),
        watch_by_pipe: bool = WATCH_BY_PIPE,
    ) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("a child must be started from the main thread")
        watched: int | None = None
        self._pipe: int | None = None
        if watch_by_pipe:
            watched, self._pipe = os.pipe()
        plan = {
            "command": list(command), "parent": os.getpid(), "watch": watched,
            "uid": account.uid if account else os.geteuid(), "gid": account.gid if account else os.getegid(),
            "places": dict(places or {}), "needed": list(needed),
        }  # fmt: skip
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", launch.__file__, json.dumps(plan)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=dict(environment),
                cwd="/",
                pass_fds=[*kept, *([] if watched is None else [watched])],
                start_new_session=True,
            )
        finally:
            os.close(said)
            if watched is not None:
                os.close(watched)

    @property
    def pid(self) -> int:
        """Its number: on Linux the program's own, elsewhere that of the step that watches over it."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs."""
        status = self._process.poll()
        if status is not None:
            self._let_go()
        return status

    def wait(self) -> int:
        """How it ended, when it has."""
        status = self._process.wait()
        self._let_go()
        return status

    def stop(self, how: signal.Signals, patience: timedelta, *, then: signal.Signals = signal.SIGKILL) -> None:
        """End it, and by force when it takes longer than `patience`."""
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(patience.total_seconds())
            except subprocess.TimeoutExpired:
                self._process.send_signal(then)
        self.wait()

    def _let_go(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None
