"""Passing words: told live, kept nowhere."""

from core.contracts.events import Event
from core.contracts.ids import JobId, RequestId, UserId, new_id
from core.contracts.job import ClaimedJob
from workers.context import JobContext


def job() -> ClaimedJob:
    return ClaimedJob(
        id=JobId(new_id()),
        request_id=RequestId(new_id()),
        owner=UserId("mei"),
        kind="haiku.compose",
        queue="text",
        input="{}",
        input_hash="",
        attempt=1,
        max_attempts=3,
        epoch=1,
    )


async def test_pieces_that_come_fast_are_told_together() -> None:
    told: list[Event] = []

    async def tell(event: Event) -> None:
        told.append(event)

    context = JobContext(job(), tell)
    for piece in "古池や":
        await context.delta(piece)

    assert [event.data["text"] for event in told] == ["古"]
    assert told[0].type == "job.delta"
    assert told[0].seq is None
