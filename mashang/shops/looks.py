"""How the button and the chat look on one site.

The operator chooses a colour; whatever it is, text on it can be read and the
button can be found on a white page: a colour too pale for that is darkened, and
the ink is white or black, whichever stands out more (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Colour = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$(?!\n)")]
Placement = Literal["button", "side-tab", "inline", "top-link"]
_STANDS_OUT = 3.0  # against the page: 1.4.11
_WHITE = "#ffffff"


class Looks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator chose; an empty title or greeting means the product's own words."""

    colour: Colour = "#1a56db"
    title: Annotated[str, msgspec.Meta(max_length=40)] = ""
    title_en: Annotated[str, msgspec.Meta(max_length=40)] = ""
    greeting: Annotated[str, msgspec.Meta(max_length=300)] = ""
    greeting_en: Annotated[str, msgspec.Meta(max_length=300)] = ""
    placement: Placement = "button"
    position: Literal["right", "left"] = "right"
    demonstration: bool = True  # who comes for the first time is shown what a code is


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def visible(colour: str) -> str:
    """This colour, darkened step by step until it stands out from a white page."""
    while contrast(colour, _WHITE) < _STANDS_OUT:
        colour = "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.95):02x}" for at in (1, 3, 5))
    return colour.lower()


def ink(colour: str) -> str:
    """White where it can be read on this colour, else black."""
    white = contrast(colour, _WHITE)
    return _WHITE if white >= 4.5 or white >= contrast(colour, "#000000") else "#000000"
