"""JSON bodies, read strictly: what a route declares as `data` is what must be sent, no more and nothing like it."""

import asyncio
import json
import re
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from api.choices import name_choices
from api.plain_words import plain_words
from core.errors import Flaw, Invalid, TooLarge, TooSlow
from core.settings import Settings

_PLACE = re.compile(r"(?P<says>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
_FIELD = re.compile(r"Object (?:(?P<missing>missing required)|contains unknown) field `(?P<name>.*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")


class JsonRequest(Request[Any, Any, Any]):
    """Litestar decodes leniently ("true" passes for true) and takes any content type; this does neither."""

    async def body(self) -> bytes:
        """Raises TooSlow, TooLarge."""
        settings: Settings = self.app.state.settings
        try:
            async with asyncio.timeout(settings.body_seconds):
                return await super().body()
        except RequestEntityTooLarge as error:
            raise too_large(self) from error
        except TimeoutError as error:
            raise TooSlow("The body did not come in time.") from error
        except InternalServerException as error:
            # Litestar's word for a client that left while its body was awaited, which is no crash of ours.
            raise TooSlow("The body did not come whole.") from error

    async def json(self) -> Any:
        """Raises Invalid with a pointer to what is wrong."""
        if not _is_json(self.content_type[0]):
            raise Invalid("The body must be application/json.")
        wanted = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        return decode_body(await self.body(), wanted)


def too_large(request: Request[Any, Any, Any]) -> TooLarge:
    """A route may take more than the others, as that of forms does."""
    most = request.route_handler.resolve_request_max_body_size()
    return TooLarge(f"The body has more than {most} bytes, which is all that is taken.")


def decode_body(body: bytes, wanted: type[Any]) -> Any:
    try:
        decoded = msgspec.json.decode(body, type=wanted)
        # msgspec takes the last of two fields with one name; whoever looked at it before us may have taken the first.
        json.loads(body, object_pairs_hook=_refuse_twins)
        return decoded
    except msgspec.ValidationError as error:
        flaw = point_out(str(error), wanted)
        raise Invalid(f"{flaw.pointer[1:]}: {flaw.detail}" if flaw.pointer else flaw.detail, [flaw]) from error
    # A lone surrogate or a broken byte is found while decoding; neither is text.
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("This is not valid JSON in UTF-8.", [Flaw("", "Not valid JSON.")]) from error


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Invalid("A field is given twice.", [Flaw("", "A field is given twice.")])
    return fields


def point_out(says: str, wanted: Any) -> Flaw:
    """msgspec's words and `$.lines[0].text` become a sentence and an RFC 6901 pointer, /lines/0/text."""
    match = _PLACE.fullmatch(says)
    detail, path = (match["says"], match["path"] or "") if match else (says, "")
    steps = [step["name"] or step["index"] for step in _STEP.finditer(path)]
    if field := _FIELD.fullmatch(detail):
        steps.append(field["name"])
        detail = "This field is missing" if field["missing"] else "There is no such field"
    return Flaw(pointer(*steps), f"{plain_words(name_choices(detail, wanted, steps))}.")


def pointer(*steps: str) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or (content_type.startswith("application/") and content_type.endswith("+json"))
