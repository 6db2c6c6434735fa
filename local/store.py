"""Where the files of a home are, once and for all: its rows name files that one store has, and every link leads there."""

from collections.abc import Mapping
from typing import cast, get_args

import msgspec
from msgspec import Struct

from core.errors import Invalid, Refused
from core.settings import PREFIX, check_account
from local.command import command
from local.environment import Providers
from local.home import Home, write_once

PROVIDERS, BUCKET = f"{PREFIX}PROVIDERS", f"{PREFIX}MEDIA_BUCKET"


class Store(Struct, frozen=True):
    """The providers a home began with; in the account, its bucket as well."""

    providers: Providers
    bucket: str = ""

    @property
    def environment(self) -> Mapping[str, str]:
        """What the parts are told of it."""
        return {BUCKET: self.bucket} if self.bucket else {}


HERE = Store("local")


def choose_store(home: Home, asked: str | None, ours: Mapping[str, str]) -> Store:
    """What the home began with, or, of a new one, what was asked for, else $KOTONOHA_PROVIDERS, else this machine.

    Raises Refused when something else is asked for than the home has.
    """
    kept, wanted = find_store(home), asked or ours.get(PROVIDERS)
    if wanted and wanted not in get_args(Providers):
        raise Invalid(f"There are no providers called {wanted!r}. Choose one of {', '.join(get_args(Providers))}.")
    providers = cast("Providers", wanted or (kept.providers if kept else "local"))
    kept_bucket = kept.bucket if kept else ""
    chosen = Store(providers, (ours.get(BUCKET) or kept_bucket) if providers == "aws" else "")
    if kept and kept.providers != providers:
        way = "Leave --providers out" if asked else f"Unset {PROVIDERS}"
        raise Refused(_other(home, f"the providers {kept.providers}", providers, way))
    if kept and chosen.bucket and kept.bucket != chosen.bucket:
        raise Refused(_other(home, f"the bucket {kept.bucket}", chosen.bucket, f"Set {BUCKET}={kept.bucket}"))
    return chosen


def check_needs(store: Store, ours: Mapping[str, str]) -> None:
    """Before a home is made. Raises Invalid for an account that is not told, and how it is."""
    if store.providers == "aws":
        check_account({**ours, **store.environment})


def find_store(home: Home) -> Store | None:
    """None of a home that has not begun. Raises Refused where it was written down and cannot be read."""
    try:
        return msgspec.json.decode(home.store.read_bytes(), type=Store)
    except FileNotFoundError:
        return _guess(home)
    except (OSError, msgspec.MsgspecError) as error:
        names = ", ".join(get_args(Providers))
        raise Refused(
            f"{home.store} should tell which providers this home began with ({names}) and cannot be read: {error}. "
            'Write it again, for example {"providers": "local"}, or delete it and Kotonoha looks where its files are.'
        ) from error


def keep_to(home: Home, store: Store) -> None:
    """From now on."""
    write_once(home.store, lambda: msgspec.json.encode(store))


def _guess(home: Home) -> Store | None:
    """Of a home that began before this was written down; None when its files are in two places, or in none."""
    places: dict[Providers, bool] = {"local": _is_used(home, "media"), "fake-aws": _is_used(home, "s3")}
    used = [providers for providers, is_used in places.items() if is_used]
    return Store(used[0]) if len(used) == 1 else None


def _is_used(home: Home, folder: str) -> bool:
    place = home.path / folder
    return place.is_dir() and any(place.iterdir())


def _other(home: Home, kept: str, wanted: str, way: str) -> str:
    return (
        f"The pictures and recordings in {home.path} are kept by {kept}; with {wanted} none of them could be opened. "
        f"{way}, choose another folder with --home, or delete everything there: {command(home, 'reset')}"
    )
