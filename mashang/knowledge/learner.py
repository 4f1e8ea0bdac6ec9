"""The process that learns, so that whoever serves goes on serving.

`python -m mashang.knowledge.learner PARENT [examined] [nice]` reads answers from standard input and
writes the packed model to standard output, then what the knowledge doctor finds, if that is
wanted.  With `nice` it gives way to everybody; it ends with the process that started it.

Does not: know a database; what it gets and gives are bytes (`apart`).
"""

from __future__ import annotations

import os
import sys

import msgspec

from mashang.kit import launch
from mashang.knowledge import rendering
from mashang.knowledge.apart import CALIBRATED, EXAMINED, UNCALIBRATED, Written, framed
from mashang.knowledge.doctoring import examine
from mashang.knowledge.finder import Answerable
from mashang.knowledge.learning import calibrated, learnt
from mashang.knowledge.packing import packed

_NICER = 5
_MUCH = 100_000  # coefficients: below it, calibrating takes no longer than starting did


def main(parent: int, *, examined: bool, nice: bool) -> None:
    """Read, learn, write."""
    if sys.platform == "linux":
        launch.die_with(parent)
    if nice:
        os.nice(_NICER)
    written = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Written])
    answers = [Answerable(one.id, one.phrasings, one.words or _plain(one)) for one in written]
    task, model = learnt(answers)
    if len(model.shares) * len(task.texts if task else ()) > _MUCH:
        _say(UNCALIBRATED, packed(model))
    learnt_all = calibrated(answers, task, model)
    del task, model
    _say(CALIBRATED, packed(learnt_all.model))
    if examined:
        found = examine(answers, learnt_all)
        _say(EXAMINED, msgspec.json.encode(found))


def _plain(one: Written) -> str:
    return "\n".join(f"{title}\n{rendering.plain(body)}" for title, body in one.texts)


def _say(what: int, said: bytes) -> None:
    sys.stdout.buffer.write(framed(what, said))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), examined="examined" in sys.argv[2:], nice="nice" in sys.argv[2:])
