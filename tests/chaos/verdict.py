"""Count what became of everything that was accepted, from the rows, the files, the ledger and what followers saw."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path

from tests.chaos.ledger import Ledger
from tests.chaos.tools import SLOW
from tests.chaos.world import LEASE_SECONDS, Broken, World

RECOVERY_SECONDS = LEASE_SECONDS + 2
IDLE_LOOK_SECONDS = 2.0
"""After which workers look for work that nothing told them of."""


@dataclass(frozen=True)
class Told:
    """One word of a job: when (seconds since the epoch), and whether it was begun then. Else it was over, or put off."""

    at: float
    started: bool


@dataclass(frozen=True)
class Verdict:
    """One run. Every number that may not be anything but 0 is named in `lost`; what took too long besides, in `broken`."""

    seed: int
    faults: int
    accepted: int
    jobs: int
    terminal: int
    not_terminal: int
    terminal_twice: int
    sequence_gaps: int
    artifacts_lost: int
    jobs_paid_twice: int
    max_pays_per_job: int
    paid_without_reason: int
    zombie_writes_refused: int
    jobs_hit: int
    recovery_p99_s: float
    recovery_longest_s: float

    @property
    def lost(self) -> list[str]:
        never = ("not_terminal", "terminal_twice", "sequence_gaps", "artifacts_lost", "paid_without_reason")
        return [name for name in never if asdict(self)[name]]

    @property
    def broken(self) -> list[str]:
        return [*self.lost, "recovery_p99_s"] if self.recovery_p99_s > RECOVERY_SECONDS else self.lost


async def judge(world: World, seed: int) -> Verdict:
    notes = world.notes
    requests = {row["id"]: row["status"] for row in await world.fetch("SELECT id, status FROM street.requests")}
    ended = {"succeeded", "failed", "canceled"}
    terminal = sum(requests.get(accepted) in ended for accepted in notes.accepted)
    open_still = sum(status not in ended for status in requests.values())
    pays, recoveries = await _pays(world), await _recoveries(world)
    return Verdict(
        seed=seed,
        faults=len(notes.faults),
        accepted=len(notes.accepted),
        jobs=(await world.fetch("SELECT count(*) FROM street.jobs"))[0][0],
        terminal=terminal,
        not_terminal=max(open_still, len(notes.accepted) - terminal),
        terminal_twice=await _terminal_twice(world),
        sequence_gaps=await _gaps(world),
        artifacts_lost=await _lost_files(world),
        jobs_paid_twice=sum(paid > 1 for paid, _ in pays),
        max_pays_per_job=max((paid for paid, _ in pays), default=0),
        paid_without_reason=sum(paid > allowed for paid, allowed in pays),
        zombie_writes_refused=_refused_writes(world.home.logs),
        jobs_hit=len(recoveries),
        recovery_p99_s=round(_p99(recoveries), 2),
        recovery_longest_s=round(max(recoveries, default=0.0), 2),
    )


async def _terminal_twice(world: World) -> int:
    """Each submission and each retry ends exactly once."""
    rows = await world.fetch(
        """
        SELECT count(*) FROM (
            SELECT r.id FROM street.requests r JOIN street.events e ON e.request_id = r.id
             GROUP BY r.id
            HAVING count(*) FILTER (WHERE e.type IN ('request.succeeded', 'request.failed', 'request.canceled'))
                <> count(*) FILTER (WHERE e.type IN ('request.accepted', 'request.retried'))) AS wrong"""
    )
    return int(rows[0][0])


async def _gaps(world: World) -> int:
    """In the rows, and in what each follower was told."""
    rows = await world.fetch(
        """
        SELECT r.id, r.last_seq, array_agg(e.seq ORDER BY e.seq) AS seqs
          FROM street.requests r LEFT JOIN street.events e ON e.request_id = r.id GROUP BY r.id"""
    )
    whole = {row["id"]: list(range(1, row["last_seq"] + 1)) for row in rows}
    stored: int = sum(row["seqs"] != whole[row["id"]] for row in rows)
    told: int = sum(seqs != whole[request][: len(seqs)] for request, seqs in world.notes.seen.items())
    return stored + told


async def _lost_files(world: World) -> int:
    rows = await world.fetch(
        """
        SELECT a.storage_key, a.sha256 FROM street.jobs j LEFT JOIN street.artifacts a ON a.hash = j.artifact
         WHERE j.artifact IS NOT NULL"""
    )
    return sum(row["storage_key"] is None or not _is_whole(world.home.media / row["storage_key"], row["sha256"]) for row in rows)


def _is_whole(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


async def _pays(world: World) -> list[tuple[int, int]]:
    """For each job how often it was paid, and how often it may have been: once, and once more for each lease that was lost.

    A deploy (SIGTERM), a cancel or a database that was away for a while is no reason to pay again.
    """
    paid = Ledger.payments(world.ledger)
    # An intent that nobody closed belongs to a run that was lost. It outlives the deletion of what was asked for.
    rows = await world.fetch(
        """
        SELECT j.input_hash, count(p.epoch) AS lost FROM street.jobs j
          LEFT JOIN street.provider_calls p ON p.job_id = j.id AND p.state = 'intent'
         GROUP BY j.id, j.input_hash"""
    )
    return [(paid[row["input_hash"]], 1 + row["lost"]) for row in rows]


def _refused_writes(logs: Path) -> int:
    return sum(file.read_text(errors="replace").count('"job lost"') for file in logs.glob("worker-*.log*"))


async def _recoveries(world: World) -> list[float]:
    """How long each job that a fault hit was left alone, in seconds and in order.

    A job is hit when it runs on what is broken: on the worker that was killed, stopped or paused, on any when PostgreSQL or
    the way to it was, or in the very statement whose answer was lost. The time runs from the fault until this job was begun
    again, was over, or was put off on purpose (a back-off), and stands still only while no worker could reach PostgreSQL.
    """
    rows = await world.fetch(
        """
        SELECT job_id, array_agg(extract(epoch FROM at)::float8 ORDER BY seq) AS ats,
               array_agg(type = 'job.started' ORDER BY seq) AS started
          FROM street.events
         WHERE job_id IS NOT NULL AND (type <> 'job.retrying' OR (data ->> 'due_at')::timestamptz > at) GROUP BY job_id"""
    )
    told = {row["job_id"]: [Told(*each) for each in zip(row["ats"], row["started"], strict=True)] for row in rows}
    faults = world.notes.faults
    alone = [(left_alone(fault, told[job], faults), fault, job) for fault in faults for job in fault.hit if job in told]
    hit = sorted(((seconds, fault, job) for seconds, fault, job in alone if seconds is not None), key=lambda each: each[0])
    lines = [f"{seconds:.2f} s after {fault.fault} at {fault.began:.2f}: {job}\n" for seconds, fault, job in hit]
    (world.home.logs / "recoveries.log").write_text("".join(lines))
    (world.home.logs / "faults.log").write_text("".join(map(_line, faults)))
    return [seconds for seconds, _, _ in hit]


def _line(fault: Broken) -> str:
    what = " stops all" if fault.stops_all else " deafens" if fault.deafens else ""
    return f"{fault.began:.2f} to {fault.ended:.2f}: {fault.fault}{what}\n"


def left_alone(fault: Broken, told: Sequence[Told], faults: Sequence[Broken]) -> float | None:
    """Seconds; infinite for a job that nobody came back to, and None for one that went on by itself and so was not hit.

    `told` is all that was told of the job, in order, and not nothing. Once Valkey is lost, two seconds are granted: then
    workers look by themselves.
    """
    until = next((each for each in told if each.at >= fault.began), None)
    if until is None:
        # Or its last word came in the moment it was looked at.
        return float("inf") if told[-1].started else None
    down = sorted((each.began, each.ended) for each in faults if each.stops_all)
    alone = _outside(fault.began, until.at, down)
    if not until.started and alone <= SLOW:
        return None
    deaf = any(each.deafens and each.began < until.at and each.ended > fault.began for each in faults)
    return max(0.0, alone - IDLE_LOOK_SECONDS) if deaf else alone


def _outside(since: float, until: float, spans: Sequence[tuple[float, float]]) -> float:
    """How much of the time lies in none of these spans, which are sorted by their beginning."""
    outside, at = 0.0, since
    for began, ended in spans:
        outside += max(0.0, min(began, until) - at)
        at = max(at, min(ended, until))
    return outside + until - at


def _p99(sorted_seconds: list[float]) -> float:
    """By nearest rank: of fewer than a hundred the longest."""
    return sorted_seconds[ceil(0.99 * len(sorted_seconds)) - 1] if sorted_seconds else 0.0
