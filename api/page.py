"""Lists, a page at a time: newest first, from a cursor that is the id of the last item seen."""

from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request
from litestar.params import QueryParameter
from msgspec import Struct

T = TypeVar("T")


class Cut(Struct, frozen=True):
    """Which part of a list is asked for."""

    limit: int
    cursor: UUID | None


def read_cut(
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=100, description="Most items to answer.")] = 20,
    cursor: Annotated[UUID | None, QueryParameter(name="cursor", description="`next` of the page before.")] = None,
) -> Cut:
    return Cut(limit, cursor)


def cut_page(rows: list[T], cut: Cut) -> tuple[list[T], T | None]:
    """Rows were asked for with one more than the limit: whether it came says if there is a next page, after the last row."""
    page = rows[: cut.limit]
    return page, page[-1] if len(rows) > cut.limit else None


def next_link(request: Request[Any, Any, Any], cursor: str | None) -> dict[str, str]:
    """The Link header (RFC 8288) to the next page, with every filter of this one."""
    if cursor is None:
        return {}
    query = urlencode(dict(request.query_params) | {"cursor": cursor})
    return {"Link": f'<{request.scope["path"]}?{query}>; rel="next"'}
