"""A model as bytes, and back: arrays by their names, nothing that could be run.

Does not: store them (`relearning`).
"""

from __future__ import annotations

import io
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.knowledge.calibration import Calibration
from mashang.knowledge.coverage import Coverage
from mashang.knowledge.finder import Model
from mashang.knowledge.space import Space

FORM = 5  # grows when what is stored, or how a question is read, is no longer the same
_PARTS = ("first", "second", "first_coverage", "second_coverage")


def packed(model: Model) -> bytes:
    """The model as NumPy's own archive."""
    parts: dict[str, Any] = {
        "ids": np.frombuffer(msgspec.json.encode(model.ids), np.uint8),
        "starts": model.starts,
        "shares": model.shares,
    }
    named = {"calibration": model.calibration, **dict(zip(_PARTS, (*model.spaces, *model.coverage), strict=True))}
    for name, part in named.items():
        parts |= {f"{name}.{field}": np.asarray(value) for field, value in msgspec.structs.asdict(part).items()}
    whole = io.BytesIO()
    np.savez(whole, allow_pickle=False, **parts)
    return whole.getvalue()


def unpacked(data: bytes) -> Model:
    """The model that was packed."""
    with np.load(io.BytesIO(data), allow_pickle=False) as parts:
        first, second = (Space(**_fields(parts, name)) for name in _PARTS[:2])
        one, other = (Coverage(**_fields(parts, name)) for name in _PARTS[2:])
        calibration = Calibration(**_fields(parts, "calibration"))
        ids = msgspec.json.decode(parts["ids"].tobytes(), type=tuple[str, ...])
        return Model(ids, parts["starts"], (first, second), (one, other), parts["shares"], calibration)


def _fields(parts: Any, name: str) -> dict[str, Any]:
    named: dict[str, NDArray[Any]] = {
        key.partition(".")[2]: parts[key] for key in parts.files if key.startswith(f"{name}.")
    }
    return {field: value if value.ndim else value.item() for field, value in named.items()}
