"""The contract as a file, for clients to be generated from: `python -m api.openapi_file [--check]`."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from api.app import PRODUCTS, create_app
from core.settings import Settings

FILE = Path(__file__).parent / "openapi.json"


def main(arguments: Sequence[str]) -> int:
    written = asyncio.run(describe())
    if "--check" not in arguments:
        FILE.write_bytes(written)
        return 0
    if FILE.exists() and FILE.read_bytes() == written:
        return 0
    sys.stderr.write(f"{FILE.name} no longer says what the api does; run `make types` and commit it.\n")
    return 1


async def describe() -> bytes:
    """The whole OpenAPI document, indented, in an order that only changes with the api. Nothing is connected for it, but parts
    are made, and they want a running loop."""
    nowhere = "http://127.0.0.1"
    settings = Settings(
        database_url="postgresql://127.0.0.1/",
        redis_url="redis://127.0.0.1/",
        media_dir=Path(),
        link_secret="",
        public_url=nowhere,
        issuer=nowhere,
        jwks_url=nowhere,
        client_ids="",
    )
    schema = create_app(settings, frozenset(PRODUCTS)).openapi_schema.to_schema()
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=2) + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
