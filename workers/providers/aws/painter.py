"""The Painter of the account: Stable Diffusion on Bedrock, whose picture is looked at before anybody gets it."""

import asyncio
import base64
import io
import struct
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from PIL import Image, ImageOps, UnidentifiedImageError

from core.contracts.budget import Expected
from core.contracts.image import Paint, Picture
from core.contracts.job import Answer, File
from core.errors import GiveUp
from workers.prompts import read_prompt
from workers.providers.aws.answered_by import answered_by
from workers.providers.aws.bill import Bill
from workers.providers.aws.failures import BrokenOff, declined
from workers.providers.aws.gate import Gate
from workers.providers.aws.prices import read_prices
from workers.providers.aws.read_at_most import read_at_most
from workers.tools import TellsEachCall

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient

ASPECTS = {
    "21:9": 21 / 9,
    "16:9": 16 / 9,
    "3:2": 3 / 2,
    "5:4": 5 / 4,
    "1:1": 1.0,
    "4:5": 4 / 5,
    "2:3": 2 / 3,
    "9:16": 9 / 16,
    "9:21": 9 / 21,
}
"""What Stability's models paint; sizes are theirs, about a megapixel."""
SEEDS = 4_294_967_294
SMALLEST_SIDE, LARGEST_SIDE = 256, 2048
MOST_PIXELS = 4_000_000
LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_ANSWER_BYTES = LARGEST_BYTES * 4 // 3 + 1024
"""The same in base64, with what stands around it."""
USAGE = {"images": 1}

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Painted(Struct, frozen=True):
    """What Stability's models answer: `finish_reasons` tell which picture was held back, and are null for the others."""

    finish_reasons: list[str | None]
    images: list[str] = []


class BedrockPainter(TellsEachCall):
    """A Painter. The same seed and words are the same picture, as far as the model keeps that promise."""

    provider = "bedrock"

    def __init__(self, client: "BedrockRuntimeClient", model: str, gate: Gate) -> None:
        self.model = model
        self._maker = answered_by(model, client.meta.endpoint_url)
        self._client = client
        self._gate = gate

    def expected(self, _: Paint) -> Expected:
        return read_prices().priced(self.model, USAGE)

    async def paint(self, ask: Paint) -> Answer[Picture]:
        _check(ask)
        scene, bill = ask.scene, Bill(self.provider, self.model)
        with bill.kept():
            png = await self._invoke(ask, bill)
        return Answer(
            value=Picture(scene.number, ask.width, ask.height, scene.alt, scene.alt_japanese, self._maker),
            paid=bill.paid(),
            file=File(png, "image/png"),
        )

    async def _invoke(self, ask: Paint, bill: Bill) -> bytes:
        async with self._gate.passing() as turn:
            told = await self._client.invoke_model(
                modelId=self.model, body=_body(ask), contentType="application/json", accept="application/json"
            )
            async with told["body"] as stream:
                painted = _read(await read_at_most(LARGEST_ANSWER_BYTES, stream.content))
            self._gate.took(USAGE, turn, bill)
            return await asyncio.to_thread(unpack, painted, ask.width, ask.height)


def _check(ask: Paint) -> None:
    for side in (ask.width, ask.height):
        if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
            raise GiveUp(f"A picture's sides are {SMALLEST_SIDE} to {LARGEST_SIDE} pixels, not {side}.", is_free=True)
    if ask.seed < 0:
        raise GiveUp(f"A seed is not negative; this one is {ask.seed}.", is_free=True)


def _body(ask: Paint) -> bytes:
    wanted = ask.width / ask.height
    return msgspec.json.encode(
        {
            "mode": "text-to-image",
            "prompt": f"{read_prompt('image_paint')}\n{ask.season}: {ask.scene.description}",
            "negative_prompt": read_prompt("image_avoid"),
            "aspect_ratio": min(ASPECTS, key=lambda name: abs(ASPECTS[name] - wanted)),
            # 0 would be any seed.
            "seed": 1 + ask.seed % SEEDS,
            "output_format": "png",
        }
    )


def _read(body: bytes) -> str:
    """The picture, in base64: whatever it is, it was painted and is paid. Raises GiveUp for one that was held back, perhaps after
    it was painted, BrokenOff for what is no answer."""
    try:
        painted = msgspec.json.decode(body, type=Painted)
    except msgspec.MsgspecError as error:
        raise BrokenOff("no answer") from error
    if any(painted.finish_reasons):
        raise declined("painter")
    if not painted.images:
        raise BrokenOff("no picture")
    return painted.images[0]


def unpack(painted: str, width: int, height: int) -> bytes:
    """The picture at the size asked for, from base64. Raises BrokenOff."""
    try:
        png = base64.b64decode(painted, validate=True)
    except ValueError as error:
        raise BrokenOff("no base64") from error
    return fit(png, width, height)


def fit(png: bytes, width: int, height: int) -> bytes:
    """The picture at the size asked for, what stands over cut off at both ends. Raises BrokenOff for what is no sound PNG."""
    _check_head(png)
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            picture = ImageOps.fit(image.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        # Pillow reports a broken chunk as a SyntaxError.
        raise BrokenOff("no sound PNG") from error
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _check_head(png: bytes) -> None:
    """Before anything is decoded: PNG says first how large it will be (PNG 3rd edition, 5.2 and 11.2.1)."""
    if len(png) > LARGEST_BYTES or len(png) < 33 or png[:8] != _SIGNATURE or png[12:16] != b"IHDR":
        raise BrokenOff("no PNG")
    width, height = struct.unpack(">II", png[16:24])
    if not 0 < width * height <= MOST_PIXELS:
        raise BrokenOff(f"{width}×{height} pixels")
