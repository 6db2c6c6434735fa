"""Lists, a page at a time: newest first, from a cursor that is the id of the last item seen."""

from collections.abc import Iterable
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response
from litestar.params import QueryParameter
from msgspec import Struct


class Page(Struct, frozen=True, kw_only=True):
    """Part of a list, newest first; `next` is the cursor of the page after. Each list has a kind of its own that says
    what its items are: OpenAPI cannot tell from a type variable."""

    items: tuple[Any, ...]
    next: str | None


class Cut(Struct, frozen=True):
    """Which part of a list is asked for."""

    limit: int
    cursor: UUID | None


def read_cut(
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=100, description="Most items to answer.")] = 20,
    cursor: Annotated[UUID | None, QueryParameter(name="cursor", description="`next` of the page before.")] = None,
) -> Cut:
    return Cut(limit, cursor)


class Identified(Protocol):
    """A row of a list that is paged by its ids."""

    @property
    def id(self) -> UUID: ...


R = TypeVar("R", bound=Identified)


def cut_page(rows: list[R], cut: Cut) -> tuple[list[R], UUID | None]:
    """Rows were asked for with one more than the limit: whether it came says if there is a next page, after the last id."""
    page = rows[: cut.limit]
    return page, page[-1].id if len(rows) > cut.limit else None


P = TypeVar("P", bound=Page)


def answer_page(kind: type[P], request: Request[Any, Any, Any], items: Iterable[Any], after: UUID | None) -> Response[P]:
    """`after` is the id of the last item when more follow it."""
    cursor = str(after) if after else None
    return Response(kind(items=tuple(items), next=cursor), headers=_next_link(request, cursor))


def _next_link(request: Request[Any, Any, Any], cursor: str | None) -> dict[str, str]:
    """The Link header (RFC 8288) to the next page, with every filter of this one."""
    if cursor is None:
        return {}
    query = urlencode(dict(request.query_params) | {"cursor": cursor})
    return {"Link": f'<{request.scope["path"]}?{query}>; rel="next"'}
