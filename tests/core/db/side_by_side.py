"""One request in Postgres and in the model: every step is taken in both, and both must have come to the same place."""

from uuid import UUID

from core.contracts.ids import ArtifactId, RequestId, new_id
from core.contracts.job import Ask, ClaimedJob
from core.db.end import Ending
from core.db.lease import intend, renew_leases
from core.db.pool import PlainConnection
from core.db.requests import get_request
from core.db.retry import retry_request
from core.db.stop import cancel_request, fail_requests, stop_requests_for
from core.db.sweep import lock_overdue_requests
from tests.core.db import model
from tests.core.db.invariants import check_moves, check_no_ghosts, check_shares, check_waits, claimed_jobs
from tests.core.db.model import OPEN, WAITING, JobModel, RequestModel
from tests.core.db.rows import MEI, MINUTE, PROBLEM, again, claim, end, failure, lose_lease, rescue, say, submit, success, told

_JOBS = """
SELECT j.status, j.attempt, j.epoch, j.lost_leases, j.due_at <= clock_timestamp() AS is_due,
       coalesce(j.lease_until < clock_timestamp(), false) AS is_expired,
       coalesce((SELECT state FROM street.provider_calls p WHERE p.job_id = j.id AND p.epoch = j.epoch), '') AS call
  FROM street.jobs j WHERE j.request_id = $1 ORDER BY j.id
"""

STEPS = (
    *("claim", "heartbeat", "intend", "succeed", "succeed_with_follower", "give_up", "try_again", "throttle", "drain"),
    *("obey", "expire", "rescue", "pass_time", "cancel", "stop", "overdue", "retry"),
)


class SideBySide:
    """Steps that need a running job take the `which`-th of them, and do nothing when there is none."""

    def __init__(self, db: PlainConnection, request: RequestId, resource: UUID, begin: RequestModel) -> None:
        self._db = db
        self.request = request
        self._resource = resource
        self.model = begin

    async def take(self, step: str, which: int = 0) -> None:
        await getattr(self, f"_{step}")(which)

    async def agree(self) -> None:
        """Raises AssertionError when the rows differ from the model, contradict each other, or obey a ghost."""
        await check_no_ghosts(self._db)
        found = await get_request(self._db, self.request, MEI)
        assert await self._read() == self.model
        assert (found.jobs_total, found.jobs_open, found.jobs_failed) == self.model.counts
        assert found.is_over == (found.jobs_open == 0)
        await check_moves(self._db, self.request)
        await check_shares(self._db)
        await check_waits(self._db)

    async def can_end(self) -> None:
        """Its workers die, time passes, others come and do what there is to do: then it is over, as it was asked."""
        here = self._db.transaction()
        await here.start()
        await self._db.execute("UPDATE street.jobs SET lease_until = '-infinity' WHERE status = 'running'")
        for job in await claimed_jobs(self._db):
            await end(self._db, job, rescue())
        await self._db.execute("UPDATE street.jobs SET due_at = '-infinity'")
        while jobs := (await claim(self._db, "speech", slots=9, running_per_owner=9)).jobs:
            for job in jobs:
                await end(self._db, job, success())
        ended = await get_request(self._db, self.request, MEI)
        await here.rollback()
        assert ended.is_over
        if self.model.is_canceled:
            assert ended.status == "canceled"
            assert ended.jobs_total == len(self.model.jobs)

    async def _read(self) -> RequestModel:
        found = await get_request(self._db, self.request, MEI)
        jobs = [JobModel(**row) for row in await self._db.fetch(_JOBS, self.request)]
        story = await told(self._db, self.request)
        return RequestModel(tuple(jobs), found.status, found.cancel_requested_at is not None, tuple(story))

    async def _claim(self, _: int) -> None:
        taken = (await claim(self._db, "speech", running_per_owner=9)).jobs
        assert len(taken) == min(1, len(self.model.startable))
        for job in taken:
            number = await self._number(job)
            assert number in self.model.startable
            self.model = model.start(self.model, number)

    async def _heartbeat(self, which: int) -> None:
        if job := await self._running(which):
            (held,) = await renew_leases(self._db, [job], MINUTE)
            assert held.canceled == self.model.is_canceled
            self.model = model.renew(self.model, await self._number(job))

    async def _intend(self, which: int) -> None:
        job = await self._running(which)
        if job is None or self.model.jobs[number := await self._number(job)].call:
            return
        intent = await intend(self._db, job, ArtifactId("none"))
        assert (intent is not None) == model.may_call(self.model, number)
        self.model = model.intend(self.model, number)

    async def _succeed(self, which: int) -> None:
        await self._end(which, success())

    async def _succeed_with_follower(self, which: int) -> None:
        await self._end(which, success(say(9)))

    async def _give_up(self, which: int) -> None:
        await self._end(which, failure())

    async def _try_again(self, which: int) -> None:
        await self._end(which, again())

    async def _throttle(self, which: int) -> None:
        await self._end(which, again(MINUTE, refund=True))

    async def _drain(self, which: int) -> None:
        await self._end(which, again(refund=True))

    async def _obey(self, which: int) -> None:
        """The worker learnt of the cancel and stopped the call."""
        if self.model.is_canceled:
            await self._end(which, Ending("canceled"))

    async def _expire(self, which: int) -> None:
        if job := await self._running(which):
            await lose_lease(self._db, job)
            self.model = model.expire(self.model, await self._number(job))

    async def _rescue(self, which: int) -> None:
        await self._expire(which)
        await self._end(which, rescue())

    async def _pass_time(self, _: int) -> None:
        await self._db.execute(
            "UPDATE street.jobs SET due_at = least(due_at, now), waiting_since = least(waiting_since, now)"
            " FROM clock_timestamp() AS now"
        )
        self.model = model.pass_time(self.model)

    async def _cancel(self, _: int) -> None:
        await cancel_request(self._db, self.request, MEI)
        self.model = model.stop(self.model, WAITING, "canceled")

    async def _stop(self, _: int) -> None:
        await stop_requests_for(self._db, self._resource, MEI)
        self.model = model.stop(self.model, OPEN, "canceled")

    async def _overdue(self, _: int) -> None:
        await self._db.execute("UPDATE street.requests SET deadline = '-infinity' WHERE id = $1", self.request)
        await fail_requests(self._db, await lock_overdue_requests(self._db), PROBLEM)
        self.model = model.stop(self.model, OPEN, "failed")

    async def _retry(self, _: int) -> None:
        await retry_request(self._db, self.request, MEI, MINUTE)
        self.model = model.retry(self.model)

    async def _end(self, which: int, ending: Ending) -> None:
        job = await self._running(which)
        if job is None:
            return
        assert await end(self._db, job, ending) is not None
        self.model = model.end(
            self.model,
            await self._number(job),
            ending.status,
            is_due=not ending.due_in,
            refund=ending.refund,
            is_lost=ending.expired_only,
            followers=len(ending.then),
        )

    async def _running(self, which: int) -> ClaimedJob | None:
        jobs = await claimed_jobs(self._db)
        return jobs[which % len(jobs)] if jobs else None

    async def _number(self, job: ClaimedJob) -> int:
        ids = await self._db.fetch("SELECT id FROM street.jobs WHERE request_id = $1 ORDER BY id", self.request)
        return [row["id"] for row in ids].index(job.id)


async def begin(db: PlainConnection, *asks: Ask) -> SideBySide:
    resource = new_id()
    request = await submit(db, MEI, *asks, resource=resource)
    return SideBySide(db, request, resource, RequestModel((JobModel(),) * len(asks)))
