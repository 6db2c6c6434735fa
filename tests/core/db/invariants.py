"""What is true of the street wherever it stands."""

from msgspec.structs import replace

from core.contracts.events import Event
from core.contracts.ids import ArtifactId, RequestId
from core.contracts.job import ClaimedJob, JobStatus
from core.db.events import list_events
from core.db.lease import intend, renew_leases
from core.db.pool import PlainConnection
from tests.core.db.rows import MINUTE, end, rescue, say, success

_CLAIMED = """
SELECT *, 0.0::float8 AS lag_seconds FROM street.jobs WHERE status = ANY($1) ORDER BY id
"""
"""As the worker that holds them, or held them, has them in hand."""


async def claimed_jobs(db: PlainConnection, *statuses: JobStatus) -> list[ClaimedJob]:
    rows = await db.fetch(_CLAIMED, statuses or ("running",))
    return [ClaimedJob(**{name: row[name] for name in ClaimedJob.__struct_fields__}) for row in rows]


async def check_shares(db: PlainConnection) -> None:
    """The counters are the rows, exactly."""
    counted = await db.fetch(
        "SELECT queue, owner, waiting, running FROM street.shares WHERE waiting <> 0 OR running <> 0 ORDER BY queue, owner"
    )
    rows = await db.fetch(
        """
        SELECT queue, owner, count(*) FILTER (WHERE status <> 'running') AS waiting,
               count(*) FILTER (WHERE status = 'running') AS running
          FROM street.jobs WHERE status IN ('queued', 'retrying', 'running') GROUP BY queue, owner ORDER BY queue, owner"""
    )
    assert [tuple(each) for each in counted] == [tuple(each) for each in rows]


async def check_waits(db: PlainConnection) -> None:
    """Who waits for a worker does so since they came back into the line, and since they are due."""
    wrong = await db.fetch(
        """
        SELECT j.id FROM street.jobs j
         WHERE j.status IN ('queued', 'retrying')
           AND (j.waiting_since NOT BETWEEN j.due_at AND greatest(j.due_at, clock_timestamp())
                OR j.waiting_since < (SELECT max(e.at) FROM street.events e
                                       WHERE e.request_id = j.request_id AND e.job_id = j.id AND e.type <> 'job.retrying'))"""
    )
    assert not wrong


async def check_no_ghosts(db: PlainConnection) -> None:
    """Nobody writes for a job they no longer hold, and nobody takes a job from a worker whose lease runs."""
    held = await claimed_jobs(db)
    gone = await claimed_jobs(db, "queued", "retrying", "succeeded", "failed", "canceled")
    ghosts = [*(_earlier(job) for job in held), *gone]
    for ghost in ghosts:
        assert await end(db, ghost, success(say(8))) is None
        assert await intend(db, ghost, ArtifactId("ghost")) is None
    assert await renew_leases(db, ghosts, MINUTE) == ()
    living = {row["id"] for row in await db.fetch("SELECT id FROM street.jobs WHERE lease_until > clock_timestamp()")}
    for job in held:
        assert job.id not in living or await end(db, job, rescue()) is None


def _earlier(job: ClaimedJob) -> ClaimedJob:
    return replace(job, epoch=job.epoch - 1)


Moves = set[tuple[str, str]]


async def check_moves(db: PlainConnection, request: RequestId) -> Moves:
    """What was told is a walk along the moves the database allows, and ends where the rows stand. So a request ends once for
    each submission and each retry, and after its end nothing is told of it. Returns the moves of its jobs."""
    walk = _Walk()
    for event in await list_events(db, request, 0):
        walk.follow(event)
    jobs = await db.fetch("SELECT id, status FROM street.jobs WHERE request_id = $1", request)
    assert walk.job_moves <= await legal_moves(db, "job_moves")
    assert walk.request_moves <= await legal_moves(db, "request_moves")
    assert walk.jobs == {str(job["id"]): job["status"] for job in jobs}
    assert walk.request == await db.fetchval("SELECT status FROM street.requests WHERE id = $1", request)
    return walk.job_moves


async def legal_moves(db: PlainConnection, table: str) -> Moves:
    rows = await db.fetch(f"SELECT before, after FROM street.{table}")  # noqa: S608  a name of the tests' own
    return {(row["before"], row["after"]) for row in rows}


class _Walk:
    """Where a request and its jobs are, as whoever only hears the events believes."""

    def __init__(self) -> None:
        self.request = "queued"
        self.request_moves: Moves = set()
        self.jobs: dict[str, str] = {}
        self.job_moves: Moves = set()

    def follow(self, event: Event) -> None:
        about, _, word = event.type.partition(".")
        if about == "job":
            self._move_job(str(event.job_id), "running" if word == "started" else word)
            self.jobs |= {job["id"]: "queued" for job in event.data.get("followed_by", ())}
        elif word == "accepted":
            self.jobs = {job["id"]: "queued" for job in event.data["jobs"]}
        elif word == "retried":
            for job in event.data["jobs"]:
                self._move_job(job["id"], "queued")
        self._move_request({"accepted": "queued", "retried": "running", "started": "running"}.get(word, word), about)

    def _move_job(self, job: str, status: str) -> None:
        self.job_moves.add((self.jobs[job], status))
        self.jobs[job] = status

    def _move_request(self, status: str, about: str) -> None:
        """The start of any job is a step of the request, its end is not."""
        if status != self.request and (about == "request" or status == "running"):
            self.request_moves.add((self.request, status))
            self.request = status
