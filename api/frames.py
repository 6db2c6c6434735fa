"""What is said over the live socket: frames from the client, and the few of ours that are no events."""

from typing import Annotated

from msgspec import Meta, Struct

from api.body import decode_body
from api.errors import ProblemDocument
from api.follow import MAX_SEQ
from core.contracts.ids import RequestId
from core.errors import Invalid, TooLarge

FRAME_MAX_BYTES = 16 * 1024
SUBSCRIPTIONS = 100


class From(Struct, frozen=True, forbid_unknown_fields=True):
    """A request to follow, and the last seq of it that is already known."""

    id: RequestId
    after: Annotated[int, Meta(ge=0, le=MAX_SEQ)] = 0


class Which(Struct, frozen=True, forbid_unknown_fields=True):
    """A request that is followed."""

    id: RequestId


class Subscribe(Struct, frozen=True, forbid_unknown_fields=True, tag="subscribe", tag_field="type"):
    """Follow these requests. One that is followed already starts again after the given seq."""

    requests: Annotated[tuple[From, ...], Meta(min_length=1, max_length=SUBSCRIPTIONS)]


class Unsubscribe(Struct, frozen=True, forbid_unknown_fields=True, tag="unsubscribe", tag_field="type"):
    """Follow these no longer. One that is not followed is no mistake."""

    requests: Annotated[tuple[Which, ...], Meta(min_length=1, max_length=SUBSCRIPTIONS)]


class Ping(Struct, frozen=True, forbid_unknown_fields=True, tag="ping", tag_field="type"):
    """Are you there?"""


Frame = Subscribe | Unsubscribe | Ping


class Pong(Struct, frozen=True, tag="pong", tag_field="type"):
    """Yes."""


class Ended(Struct, frozen=True, tag="ended", tag_field="type"):
    """This request is over, all of it was told, and it is followed no longer: what a stream says by 204."""

    request_id: RequestId


class Refusal(Struct, frozen=True, omit_defaults=True, tag="error", tag_field="type"):
    """The frame was not understood, or, when a request is named, that one is not followed."""

    problem: ProblemDocument
    request_id: RequestId | None = None


def read_frame(sent: str | bytes) -> Frame:
    """Raises Invalid for what is no frame, TooLarge."""
    if isinstance(sent, bytes):
        raise Invalid("Frames are text, not bytes.")
    raw = sent.encode(errors="surrogatepass")
    if len(raw) > FRAME_MAX_BYTES:
        raise TooLarge(f"A frame has at most {FRAME_MAX_BYTES} bytes.")
    frame: Frame = decode_body(raw, Frame)  # type: ignore[arg-type]  # msgspec reads unions too
    return frame
