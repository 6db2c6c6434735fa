"""When what a list shows was created: from one moment on, up to another."""

from datetime import UTC, datetime
from typing import Annotated

from litestar.params import QueryParameter

from core.contracts.request import Created
from core.errors import Flaw, Invalid


def read_created(
    created_after: Annotated[
        datetime | None, QueryParameter(name="created_after", description="This moment or later, with its offset from UTC.")
    ] = None,
    created_before: Annotated[
        datetime | None, QueryParameter(name="created_before", description="Earlier than this moment, with its offset from UTC.")
    ] = None,
) -> Created:
    return Created(_moment("created_after", created_after), _moment("created_before", created_before))


def _moment(name: str, given: datetime | None) -> datetime | None:
    if given is None:
        return None
    if given.tzinfo is None:
        raise Invalid(f"{name} needs an offset from UTC, such as Z.", [Flaw(f"/{name}", "An offset from UTC is missing.")])
    try:
        return given.astimezone(UTC)
    except OverflowError as error:
        raise Invalid(f"{name} is no moment in UTC.", [Flaw(f"/{name}", "No moment in UTC.")]) from error
