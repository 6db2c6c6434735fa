"""InvokeModel for Stability's text-to-image models: the local painter, at the size the aspect ratio asks for."""

import asyncio
import base64
import io
from collections.abc import Mapping
from typing import Annotated, Literal, cast, get_args

import msgspec
from msgspec import Meta, Struct
from PIL import Image, ImageOps

from core.contracts.haiku import Scene, Season
from core.contracts.image import Paint
from core.contracts.job import File
from local.fakes.bedrock.model_ids import PAINTERS, check_model
from local.fakes.complaint import Complaint
from local.fakes.exchange import Reply
from local.fakes.faults import Fault
from local.fakes.models import Params
from workers.providers.local.painter import LocalPainter

SIZES: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
    "21:9": (1536, 640),
    "9:21": (640, 1536),
    "2:3": (832, 1216),
    "3:2": (1216, 832),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
}
"""About a megapixel each, as Stable Diffusion 3.5 makes them."""

UNWELCOME = frozenset({"gore", "nude", "swastika"})
NO_PICTURE = b"<html>this is no picture</html>"

_LONGEST_PAINTED = 512
"""The painter of this machine paints a quarter of the surface, which is then enlarged: nobody tests the strokes here."""


class Prompt(Struct, frozen=True, forbid_unknown_fields=True):
    """The body Stable Diffusion 3.5 and Stable Image take for text to image."""

    prompt: Annotated[str, Meta(min_length=1, max_length=10_000)]
    negative_prompt: Annotated[str, Meta(max_length=10_000)] = ""
    mode: Literal["text-to-image"] = "text-to-image"
    aspect_ratio: Literal["1:1", "16:9", "9:16", "21:9", "9:21", "2:3", "3:2", "4:5", "5:4"] = "1:1"
    seed: Annotated[int, Meta(ge=0, le=4_294_967_294)] = 0
    output_format: Literal["png", "jpeg"] = "png"


class Studio:
    """Owns a painter."""

    def __init__(self) -> None:
        self._painter = LocalPainter()

    async def paint(self, asked: Prompt) -> bytes:
        width, height = SIZES[asked.aspect_ratio]
        scale = _LONGEST_PAINTED / max(width, height)
        # The painter knows no strip longer than two squares.
        small = [max(round(side * scale), _LONGEST_PAINTED // 2) for side in (width, height)]
        scene = Scene(1, asked.prompt, alt="", alt_japanese="")
        ask = Paint(scene, _season(asked.prompt), (), asked.seed, width=small[0], height=small[1])
        answer = await self._painter.paint(ask)
        png = cast("File", answer.file).content
        return await asyncio.to_thread(_enlarge, png, (width, height), asked.output_format)

    async def close(self) -> None:
        await self._painter.close()


async def invoke_model(asked: Params, studio: Studio, fault: Fault | None) -> Reply:
    check_model(asked["modelId"], PAINTERS)
    prompt = _read(asked["body"])
    if reason := _filtered(prompt, fault):
        return _answer(prompt, [], reason)
    image = NO_PICTURE if fault and fault.kind == "wrong_png" else await studio.paint(prompt)
    return _answer(prompt, [base64.b64encode(image).decode()], None)


def _read(body: bytes) -> Prompt:
    try:
        return msgspec.json.decode(body, type=Prompt)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Complaint("ValidationException", f"Malformed input request: {error}, please reformat your input.") from error


def _filtered(prompt: Prompt, fault: Fault | None) -> str | None:
    if not UNWELCOME.isdisjoint(prompt.prompt.lower().split()):
        return "Filter reason: prompt"
    return "Filter reason: output image" if fault and fault.kind == "content_filter" else None


def _answer(prompt: Prompt, images: list[str], reason: str | None) -> Reply:
    told = {"seeds": [prompt.seed], "finish_reasons": [reason], "images": images}
    return Reply(msgspec.json.encode(told), headers={"content-type": "application/json"})


def _season(prompt: str) -> Season:
    said: tuple[Season, ...] = get_args(Season)
    return next((season for season in said if season in prompt.lower()), "autumn")


def _enlarge(png: bytes, size: tuple[int, int], form: str) -> bytes:
    """Fills the size; what stands over is cut off at both ends alike."""
    with Image.open(io.BytesIO(png)) as painted:
        picture = ImageOps.fit(painted.convert("RGB"), size, Image.Resampling.BICUBIC)
    file = io.BytesIO()
    picture.save(file, form, compress_level=1)
    return file.getvalue()
