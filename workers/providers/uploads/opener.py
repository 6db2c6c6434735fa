"""Run by the inspector, alone and by path: reads a picture from its input, writes one line of JSON and a clean JPEG.

Imports nothing of ours. Whatever a file does to the decoder, it does within these limits.
"""

import io
import json
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MEMORY_BYTES = 384 * 1024 * 1024
CPU_SECONDS = 5
MOST_PIXELS = 12_000_000
LONGEST_SIDE = 2048
"""As much as reading handwriting wants; what is larger is made smaller."""

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    limit(MEMORY_BYTES, CPU_SECONDS)
    try:
        told, jpeg = look(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001  a decoder raises what it likes, and all of it means the same
        told, jpeg = refuse("This is no picture that can be read: send a PNG, JPEG or WebP that is whole.")
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + jpeg)


def look(content: bytes) -> tuple[dict[str, object], bytes]:
    from PIL import Image, ImageOps

    # Ours is stricter, and says what is wrong.
    Image.MAX_IMAGE_PIXELS = None
    # Reads the header alone; what is not one of three formats is never given to any other decoder.
    picture = Image.open(io.BytesIO(content), formats=list(TYPES))
    came_as, pixels = TYPES[picture.format or ""], picture.width * picture.height
    if pixels > MOST_PIXELS:
        return refuse(f"This picture has {pixels / 1e6:.0f} megapixels; at most {MOST_PIXELS / 1e6:.0f} are taken.")
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    clean = on_white(upright)
    written = io.BytesIO()
    # Pixels alone: no EXIF, no profile, no comment, and nothing of what stood behind the picture.
    clean.save(written, "JPEG", quality=90)
    checked = {"width": clean.width, "height": clean.height, "came_as": came_as}
    return {"says": "opened", "picture": checked}, written.getvalue()


def on_white(picture: "Image.Image") -> "Image.Image":
    """What was drawn on nothing was drawn on paper. A new image, so that nothing of the old one's metadata comes along."""
    from PIL import Image

    drawn = picture.convert("RGBA")
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return paper


def refuse(reason: str) -> tuple[dict[str, object], bytes]:
    return {"says": "refused", "reason": reason}, b""


if __name__ == "__main__":
    main()
