"""What was measured is written beside what was measured before."""

from __future__ import annotations

from bench import record
from bench.figures import Figure

OLD = """# Results

Measured 2026-11-01 08:29 UTC by `bin/bench --record` on 2 processors.

| bench | value | reference | ratio | goal |
|---|---|---|---|---|
| start | 2.23 s | 5 | 0.446 | ≤ 5 s |
| codes | 1 % | 2 | 0.5 | ≤ 3 % |

<details><summary>start: all runs</summary>

```json
{"runs": [2.23]}
```
</details>

<details><summary>codes: all runs</summary>

```json
{"runs": [1]}
```
</details>

<!-- below this line: written by hand -->

What it misses and why.
"""


def answers(value: float, busy: float) -> Figure:
    return Figure(bench="answers", value=value, unit="accuracy@1", extra={"machine_before": {"busy_percent": busy}})


def test_what_is_not_measured_again_stays(tmp_path):
    file = tmp_path / "RESULTS.md"
    file.write_text(OLD, "utf-8")
    record.write([answers(0.7, 3)], file)
    record.write([answers(0.8, 4), Figure(bench="codes", value=7, unit="%")], file)
    found = file.read_text("utf-8")
    assert "| start | 2.23 s | 5 | 0.446 | ≤ 5 s | 2026-11-01 08:29 |" in found
    assert '{"runs": [2.23]}' in found
    assert found.count("| codes |") == found.count("<summary>codes") == 1
    assert "| codes | 7 % | – | – |" in found
    assert "0.7" not in found
    assert "| answers | 0.8 accuracy@1 |" in found
    assert "Not a quiet machine" not in found
    assert found.endswith("What it misses and why.\n")


def test_a_busy_machine_is_told_beside_its_figure_as_long_as_that_stands(tmp_path):
    file = tmp_path / "RESULTS.md"
    record.write([answers(0.7, 60)], file)
    record.write([Figure(bench="codes", value=7, unit="%")], file)
    assert "began (answers)" in file.read_text("utf-8")
    record.write([answers(0.7, 3)], file)
    assert "Not a quiet machine" not in file.read_text("utf-8")
