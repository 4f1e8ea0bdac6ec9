"""A product told to end does end: in its own order, or, where something holds it, saying what."""

from __future__ import annotations

import subprocess
import sys

from tests.running import ROOT

STUCK = """
import asyncio
from mashang.cli import serving

serving.PATIENCE = 0.3

async def deaf():
    print("ready", flush=True)
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            pass

serving.run_until_signal(deaf())
"""


def test_an_end_that_is_held_up_is_cut_and_says_where_it_stood() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Timeout (0:00:00.3" in said
    assert "run_until_signal" in said
