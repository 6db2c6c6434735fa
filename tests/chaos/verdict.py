"""Count what became of everything that was accepted, from the rows, the files, the ledger and what followers saw."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.ledger import Ledger
from tests.chaos.world import LEASE_SECONDS, Broken, World

RECOVERY_SECONDS = LEASE_SECONDS + 2


@dataclass(frozen=True)
class Verdict:
    """One run. Every number that may not be anything but 0 is named in `broken`."""

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
    recovery_p99_s: float

    @property
    def broken(self) -> list[str]:
        never = ("not_terminal", "terminal_twice", "sequence_gaps", "artifacts_lost", "paid_without_reason")
        broken = [name for name in never if asdict(self)[name]]
        return [*broken, "recovery_p99_s"] if self.recovery_p99_s > RECOVERY_SECONDS else broken


async def judge(world: World, seed: int) -> Verdict:
    notes = world.notes
    requests = {row["id"]: row["status"] for row in await world.fetch("SELECT id, status FROM street.requests")}
    ended = {"succeeded", "failed", "canceled"}
    terminal = sum(requests.get(accepted) in ended for accepted in notes.accepted)
    open_still = sum(status not in ended for status in requests.values())
    pays = await _pays(world)
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
        recovery_p99_s=round(await _recovery(world), 2),
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


async def _recovery(world: World) -> float:
    """The 99th percentile, over all faults, of how long after its end nobody began a job, while nothing else was broken."""
    rows = await world.fetch("SELECT extract(epoch FROM at) AS at FROM street.events WHERE type = 'job.started' ORDER BY at")
    starts = [float(row["at"]) for row in rows]
    faults = world.notes.faults
    waits = sorted(_idle(fault, starts, faults) for fault in faults if starts and fault.ended < starts[-1])
    return waits[int(0.99 * (len(waits) - 1))] if waits else 0.0


def _idle(fault: Broken, starts: list[float], faults: list[Broken]) -> float:
    next_start = min(start for start in starts if start >= fault.ended)
    others = sorted((max(other.began, fault.ended), min(other.ended, next_start)) for other in faults if other is not fault)
    idle, at = 0.0, fault.ended
    for began, ended in others:
        if ended > at:
            idle += max(0.0, began - at)
            at = ended
    return idle + next_start - at
