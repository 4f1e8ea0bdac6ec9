"""The process that opens strangers' pictures, with nothing to lose.

Started by `pictures` as a script of its own (`python -I`), knowing the standard library
and Pillow only.  It reads one job after the other from standard input and writes
what came of it to standard output; it can write no file, and memory, processor time
and pixels are limited.  A job that breaks a limit ends the process, and the next
picture gets a new one.

A job is four bytes of length and the picture.  The answer is four bytes of length,
JSON (`refused`, or what the picture is), then the picture and the preview.

Nothing of the original file survives but its pixels: no EXIF, no comments, no
colour profile (colours are converted to sRGB), no trailing data.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import struct
import sys
from typing import Any

from PIL import GifImagePlugin, Image, ImageCms, ImageOps, ImageSequence

MOST_PIXELS = 25_000_000
MOST_FRAMES = 200
CPU_SECONDS = 5
MEMORY = 1 << 30
PREVIEW = (480, 480)
NOBODY = 65534
_READ = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


class Refused(Exception):
    """Not a picture we take; the reason is its argument."""


def main() -> None:
    """Work until standard input ends."""
    _give_up_rights()
    while head := sys.stdin.buffer.read(4):
        (size,) = struct.unpack(">I", head)
        data = sys.stdin.buffer.read(size)
        if len(data) < size:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, resource.RLIM_INFINITY))
        _answer(*_outcome(data))


def _give_up_rights() -> None:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
    _rehearse()
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 16,
    }
    for name, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit on address space
            resource.setrlimit(name, (limit, limit))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def _rehearse() -> None:
    """Do once what will be done: modules that load on first use do so while files can still be read."""
    one, other = Image.new("RGB", (500, 1)), Image.new("RGB", (500, 1), "red")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in _READ:
        sample = io.BytesIO()
        animation = {"save_all": True, "append_images": [other]} if kind in ("GIF", "WEBP") else {}
        one.save(sample, kind, icc_profile=profile, **animation)
        _encoded(sample.getvalue())


def _outcome(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    try:
        return _encoded(data)
    except Refused as refused:
        return {"refused": str(refused)}, b"", b""
    except (MemoryError, Image.DecompressionBombError):
        return {"refused": "too_large"}, b"", b""
    except Exception:  # noqa: BLE001 — an edge: whatever a broken file does to a decoder, it is a broken file
        return {"refused": "unreadable"}, b"", b""


def _encoded(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    image = Image.open(io.BytesIO(data), formats=_READ)
    if image.width * image.height > MOST_PIXELS:
        raise Refused("too_large")
    frames = getattr(image, "n_frames", 1) if image.format in ("GIF", "WEBP") else 1
    if frames > MOST_FRAMES:
        raise Refused("too_large")
    kind = {"MPO": "JPEG", "BMP": "PNG"}.get(image.format or "", image.format or "")
    if frames > 1:
        body, first = _animation(image, kind)
    else:
        first = _still(image)
        body = _saved(first, kind)
    preview = b"" if frames == 1 and max(first.size) <= max(PREVIEW) else _preview(first)
    facts = {
        "media_type": _TYPES[kind],
        "width": first.width,
        "height": first.height,
        "animated": frames > 1,
        "size": len(body),
        "preview": len(preview),
    }
    return facts, body, preview


def _still(image: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, and without anything but pixels."""
    image.load()
    upright = ImageOps.exif_transpose(image)
    return _bare(_in_srgb(upright))


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):  # a broken profile says nothing
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
        return converted or image
    return image


def _bare(image: Image.Image) -> Image.Image:
    if "transparency" in image.info and image.mode != "RGBA":
        image = image.convert("RGBA")
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.mode in ("LA", "PA", "La", "RGBa") else "RGB")
    image.info = {}
    return image


def _saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        image.convert("RGB").save(out, kind, quality=88, progressive=True)
    elif kind == "WEBP":
        image.save(out, kind, quality=88, method=2)
    else:
        image.save(out, kind)
    return out.getvalue()


def _animation(image: Image.Image, kind: str) -> tuple[bytes, Image.Image]:
    """All frames again with their times; and the first one, for the preview."""
    durations = []
    first: Image.Image | None = None
    for frame in ImageSequence.Iterator(image):
        frame.load()  # a WebP knows a frame's time only then
        durations.append(max(20, int(frame.info.get("duration") or 100)))
        first = first or _bare(frame.copy())
    image.seek(0)
    out = io.BytesIO()
    extra = {"method": 0, "quality": 80} if kind == "WEBP" else {"comment": b""}
    image.encoderinfo = {}
    for unwanted in ("icc_profile", "exif", "xmp", "comment"):
        image.info.pop(unwanted, None)
    image.save(out, kind, save_all=True, duration=durations, loop=int(image.info.get("loop", 0)), **extra)
    if first is None:
        raise Refused("unreadable")
    return out.getvalue(), first


def _preview(image: Image.Image) -> bytes:
    """A small JPEG; what is transparent becomes white."""
    small = image.copy()
    small.thumbnail(PREVIEW)
    if small.mode == "RGBA":
        white = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(white, small)
    return _saved(small, "JPEG")


def _answer(facts: dict[str, Any], body: bytes, preview: bytes) -> None:
    head = json.dumps(facts).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + body + preview)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
