"""A curve as a small SVG: a few points over a logarithmic axis, readable in light and dark."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 480, 280, 64, 56, 48, 48
_STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#1f2937}line{stroke:#9ca3af}polyline{fill:none;stroke:#1a56db;"
    "stroke-width:2.5}circle{fill:#1a56db}@media(prefers-color-scheme:dark){text{fill:#e5e7eb}line{stroke:#6b7280}"
    "polyline{stroke:#7aa7ff}circle{fill:#7aa7ff}}</style>"
)


def draw(path: Path, title: str, across: str, unit: str, points: Mapping[int, float]) -> None:
    """Write the picture; the y axis begins at nothing, so that heights compare."""
    least, most = math.log10(min(points)), math.log10(max(points))
    high = max(points.values()) * 1.2 or 1.0

    def x(value: float) -> float:
        return _LEFT + (math.log10(value) - least) / (most - least) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - value / high * (_HEIGHT - _TOP - _BOTTOM)

    base, way = y(0), " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in points.items())
    marks = [
        f'<circle cx="{x(at):.1f}" cy="{y(value):.1f}" r="4"/>'
        f'<text x="{x(at):.1f}" y="{y(value) - 12:.1f}" text-anchor="middle">{value:g} {unit}</text>'
        f'<text x="{x(at):.1f}" y="{base + 18:.1f}" text-anchor="middle">{at:,}</text>'
        for at, value in points.items()
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">',
        _STYLE,
        f'<text x="{_WIDTH / 2}" y="24" text-anchor="middle">{title}</text>',
        f'<line x1="{_LEFT - 24}" y1="{base:.1f}" x2="{_WIDTH - 8}" y2="{base:.1f}"/>',
        f'<polyline points="{way}"/>',
        *marks,
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{across}</text>',
        "</svg>",
    ]
    path.write_text("\n".join(parts) + "\n", "utf-8")
