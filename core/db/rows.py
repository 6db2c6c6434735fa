"""From rows to contracts and back: the few conversions that more than one query needs."""

import hashlib
from collections.abc import Iterable
from typing import Any

import asyncpg
import msgspec

from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, new_id
from core.contracts.job import Ask
from core.contracts.kinds import encode_ask


def event_of(row: asyncpg.Record) -> Event:
    return Event(
        request_id=RequestId(row["request_id"]),
        type=row["type"],
        at=row["at"],
        data=msgspec.json.decode(row["data"]),
        seq=row["seq"],
        job_id=JobId(row["job_id"]) if row["job_id"] else None,
    )


def events_of(rows: Iterable[asyncpg.Record]) -> tuple[Event, ...]:
    return tuple(sorted((event_of(row) for row in rows), key=lambda event: (event.request_id, event.seq or 0)))


def new_jobs(asks: Iterable[Ask]) -> str:
    """Rows to be, as one JSON array for jsonb_to_recordset. The ids are made here: no sequence, no second round trip."""
    return to_json([_new_job(ask) for ask in asks])


def _new_job(ask: Ask) -> dict[str, Any]:
    raw = encode_ask(ask)
    return {
        "id": str(new_id()),
        "kind": ask.kind,
        "queue": ask.queue,
        "input": msgspec.Raw(raw.encode()),
        "input_hash": hashlib.sha256(f"{ask.kind}\n{raw}".encode()).hexdigest(),
    }


def to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
