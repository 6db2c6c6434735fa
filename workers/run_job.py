"""Run one claimed job from its ask to its ending: the same story for every kind, told once."""

import asyncio
import contextlib
import hashlib
import time
from datetime import timedelta
from typing import Any

import msgspec

from core.backoff import backoff
from core.broadcast import publish
from core.cancel import stop_if_cancelled
from core.contracts.ids import ArtifactId
from core.contracts.job import Answer, Ask, ClaimedJob, Done, File
from core.contracts.kinds import decode_ask
from core.db.artifacts import Artifact
from core.db.end import Ended, Ending, end_job
from core.db.lease import is_wanted
from core.db.litter import note_litter
from core.db.pool import connected
from core.errors import GiveUp, Internal, JobFailed, Misconfigured, TryAgain, Unavailable, Unfinished
from core.problems import problem_of
from core.queue import ring
from core.settings import Settings
from core.storage import artifact_key, artifact_of
from telemetry.logs import get_log, remember
from telemetry.messaging import CONVERSATION, MESSAGE, messaging
from telemetry.metrics import job_over, job_picked_up, job_run, requests_over, write_fenced
from telemetry.trace import current_traceparent, fail_span, note_on_span, span
from workers.calling import told
from workers.context import JobContext
from workers.kinds import KINDS
from workers.leave import ask_leave, keep_from_litter
from workers.parts import Parts
from workers.run import Halted, Run

LOST = "lost"
"""How a run ends that somebody else has taken over, in spans and numbers."""

log = get_log("worker")


async def run_job(run: Run, parts: Parts) -> None:
    """Returns when the ending is written and told, or when somebody else owns the job. Raises nothing but cancellation."""
    job, began = run.job, time.perf_counter()
    job_picked_up(job.queue, job.lag_seconds)
    with remember(request_id=str(job.request_id), job_id=str(job.id), epoch=str(job.epoch)), _span(job):
        ending = await _outcome(run, parts)
        ended = await _end(job, ending, parts) if ending else None
        seconds = time.perf_counter() - began
        if ending is None or ended is None:
            _tell_lost(job, seconds, was_fenced=ending is not None, is_missed=await _is_missed(job, parts))
            await _leave_no_file(ending, parts)
            return
        _tell_ended(job, ending, ended, seconds)
        await asyncio.gather(publish(parts.bell, ended.events), ring(parts.bell, ended.ring))


async def _is_missed(job: ClaimedJob, parts: Parts) -> bool:
    """True unless its learner canceled or deleted it; while Postgres is away and nobody can tell, it is taken for missed."""
    try:
        async with connected(parts.pool) as db:
            return await is_wanted(db, job.id)
    except Unavailable:
        return True


def _tell_lost(job: ClaimedJob, seconds: float, *, was_fenced: bool, is_missed: bool) -> None:
    """In the span, the log and the numbers, as how it ended. Whose learner canceled or deleted it is no loss to look into."""
    if was_fenced:
        write_fenced(job.queue)
    note_on_span({"job.outcome": LOST})
    job_run(job.queue, job.kind, LOST, seconds)
    if is_missed:
        log.warning("job lost", kind=job.kind, attempt=job.attempt)
    else:
        log.info("job unwanted", kind=job.kind, attempt=job.attempt)


def _tell_ended(job: ClaimedJob, ending: Ending, ended: Ended, seconds: float) -> None:
    # The rows have the last word: a cancel that came meanwhile beats a retry.
    outcome = ended.events[0].outcome
    note_on_span({"job.outcome": outcome})
    if ending.error is not None and not ending.refund:
        note_on_span({"error.type": ending.error.type})
        fail_span(ending.error.type)
    job_run(job.queue, job.kind, outcome, seconds)
    if outcome != "retrying":
        job_over(job.queue, job.kind, outcome, job.attempt)
    requests_over(ended.events)
    paid = ending.paid is not None
    log.info("job ended", kind=job.kind, status=outcome, attempt=job.attempt, paid=paid, seconds=round(seconds, 3))


async def _leave_no_file(ending: Ending | None, parts: Parts) -> None:
    """What was stored for a job that somebody else has by now: they store the same file, unless nobody wants it any more."""
    if ending is None or ending.artifact is None:
        return
    with contextlib.suppress(Unavailable):
        async with connected(parts.pool) as db:
            await note_litter(db, ending.artifact.storage_key, parts.settings.deadline)


def _span(job: ClaimedJob) -> Any:
    """Child of what created the job; a later attempt is only linked to it, or one trace would last for hours."""
    first = job.attempt == 1
    return span(
        f"process {job.kind}",
        "consumer",
        parent=job.traceparent if first else None,
        linked=None if first else job.traceparent,
        attributes={
            **messaging("process", job.queue),
            MESSAGE: str(job.id),
            CONVERSATION: str(job.request_id),
            "job.id": str(job.id),
            "job.kind": job.kind,
            "job.attempt": job.attempt,
            "job.epoch": job.epoch,
        },
    )


async def _outcome(run: Run, parts: Parts) -> Ending | None:
    """How the run went. None when the lease is lost: whatever we would write is no longer ours to write."""
    try:
        return await _steps(run, parts)
    except Halted as halted:
        return _halted(halted)
    except Misconfigured as wrong:
        log.error("part misconfigured", kind=run.job.kind, reason=wrong.reason, look_at=wrong.look_at)
        return _failed(run.job, GiveUp(wrong.message, is_free=True), parts.settings)
    except Unavailable as away:
        return _failed(run.job, TryAgain(away.message, away.retry_after, refund=True), parts.settings)
    except JobFailed as failure:
        return _failed(run.job, failure, parts.settings)
    except Exception:
        log.exception("job crashed", kind=run.job.kind)
        return _failed(run.job, Internal(), parts.settings)


async def _steps(run: Run, parts: Parts) -> Ending:
    job = run.job
    ask = _read(job)
    artifact = artifact_of(job.owner, job.input_hash)
    if KINDS[job.kind].makes_file:
        await parts.depot.check(parts.storage, parts.pool)
        await keep_from_litter(job, artifact, parts)
    found = await ask_leave(ask, job, artifact, parts)
    if found is not None:
        # Paid for by an earlier run, so free now.
        paid = msgspec.structs.replace(found.paid, usage={}, cost_microusd=0, prices=None)
        return Ending("succeeded", result=found.result, artifact=found, paid=paid, traceparent=current_traceparent())
    done = await run.call(_call(ask, job, parts))
    return await _succeeded(run, artifact, done, parts)


async def _call(ask: Ask, job: ClaimedJob, parts: Parts) -> Done:
    context = JobContext(job, lambda event: publish(parts.bell, [event]))
    try:
        async with asyncio.timeout(parts.settings.call_seconds):
            return await KINDS[job.kind].do(ask, told(parts.tools[job.queue]), context)
    except TimeoutError as error:
        raise Unfinished("The tool did not answer in time.") from error


def _read(job: ClaimedJob) -> Ask:
    try:
        return decode_ask(job.kind, job.input)
    except msgspec.ValidationError as error:
        raise GiveUp("What is asked here cannot be read by this version.") from error


async def _succeeded(run: Run, artifact: ArtifactId, done: Done, parts: Parts) -> Ending:
    answer = done.answer
    result = msgspec.Raw(msgspec.json.encode(answer.value))
    stored = await _store(run, artifact, answer, answer.file, result, parts) if answer.file else None
    return Ending(
        "succeeded", result=result, artifact=stored, paid=answer.paid, then=done.then, traceparent=current_traceparent()
    )


async def _store(run: Run, artifact: ArtifactId, answer: Answer[Any], file: File, result: msgspec.Raw, parts: Parts) -> Artifact:
    owner = run.job.owner
    key = artifact_key(owner, artifact, file.media_type)
    await parts.depot.put(parts.storage, key, file, answer.paid, run)
    digest = hashlib.sha256(file.content).hexdigest()
    return Artifact(artifact, owner, key, file.media_type, len(file.content), digest, result, answer.paid)


def _halted(halted: Halted) -> Ending | None:
    match halted.why:
        case "lost":
            return None
        case "canceled":
            return Ending("canceled", is_free=not halted.called)
        case "drained":
            handed_back = TryAgain("The worker stops; another one goes on.", refund=True)
            return Ending("retrying", error=problem_of(handed_back), refund=True, is_free=not halted.called)


def _failed(job: ClaimedJob, failure: JobFailed, settings: Settings) -> Ending:
    ending = Ending("failed", error=problem_of(failure), paid=failure.paid, is_free=failure.is_free)
    if not isinstance(failure, TryAgain) or (job.attempt >= job.max_attempts and not failure.refund):
        return ending
    base, cap = timedelta(seconds=settings.backoff_base_seconds), timedelta(seconds=settings.backoff_cap_seconds)
    wait = max(failure.after or timedelta(0), backoff(job.attempt, base, cap))
    return msgspec.structs.replace(ending, status="retrying", due_in=wait, refund=failure.refund)


async def _end(job: ClaimedJob, ending: Ending, parts: Parts) -> Ended | None:
    """However long Postgres is away, until cancelled: nobody else can take the job meanwhile, and what was paid for is in
    our hands."""
    failures = 0
    while True:
        try:
            return await _write(job, ending, parts)
        except Unavailable:
            # A connection that is cancelled while its server says nothing answers that it is away.
            stop_if_cancelled()
            failures += 1
            await asyncio.sleep(backoff(failures, timedelta(seconds=0.2), timedelta(seconds=2)).total_seconds())


async def _write(job: ClaimedJob, ending: Ending, parts: Parts) -> Ended | None:
    """An ending that no row can hold, such as text with a NUL, ends the job as failed: it must not be paid for again."""
    try:
        async with connected(parts.pool) as db:
            return await end_job(db, job.id, job.epoch, ending, parts.settings.max_attempts)
    except Unavailable:
        raise
    except Exception:
        log.exception("ending refused", kind=job.kind, status=ending.status)
        failed = Ending("failed", error=problem_of(Internal()), paid=ending.paid)
        async with connected(parts.pool) as db:
            return await end_job(db, job.id, job.epoch, failed, parts.settings.max_attempts)
