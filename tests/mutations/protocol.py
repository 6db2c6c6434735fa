"""The rules of the protocol, each broken once."""

from tests.mutations.mutation import Mutation

END, LEASE, STOP, RETRY, SWEEP = (f"core/db/{name}.py" for name in ("end", "lease", "stop", "retry", "sweep"))
CLAIM, MOVES, WAITS = (
    f"core/db/migrations/{name}.sql" for name in ("20261126180000_claim", "20261123000001_street", "20261127010000_waiting_since")
)
SUBMIT, FOLLOW = "core/db/submit.py", "api/follow.py"

_DB = "tests/core/db"
WALKS = f"{_DB}/test_walks.py::test_every_short_walk_goes_as_the_model_says_and_can_come_to_its_end"
MACHINE = f"{_DB}/test_machine.py::test_postgres_and_the_model_never_part"
"""Named only where chance finds what the short walks find for certain."""


def _in(file: str, *tests: str) -> tuple[str, ...]:
    return tuple(f"{file}::test_{test}" for test in tests)


FENCES = (
    Mutation(
        "an ending carries its epoch",
        END,
        "j.id = $1 AND j.epoch = $2 AND j.status",
        "j.id = $1 AND $2::bigint IS NOT NULL AND j.status",
        (*_in(f"{_DB}/test_end.py", "an_old_epoch_writes_nothing_at_all"), WALKS, MACHINE),
    ),
    Mutation(
        "a heartbeat carries its epoch",
        LEASE,
        "JOIN street.jobs j ON j.id = h.id AND j.epoch = h.epoch",
        "JOIN street.jobs j ON j.id = h.id",
        (*_in(f"{_DB}/test_leases.py", "a_heartbeat_for_an_earlier_epoch_renews_nothing"), WALKS, MACHINE),
    ),
    Mutation(
        "an intent carries its epoch",
        LEASE,
        "j.id = $1 AND j.epoch = $2 AND j.status",
        "j.id = $1 AND $2::bigint IS NOT NULL AND j.status",
        (*_in(f"{_DB}/test_leases.py", "there_is_no_leave_without_a_lease_or_after_a_cancel"), WALKS, MACHINE),
    ),
    Mutation(
        "an intent needs a lease that still runs",
        LEASE,
        " AND j.lease_until > clock_timestamp()",
        "",
        (*_in(f"{_DB}/test_leases.py", "there_is_no_leave_without_a_lease_or_after_a_cancel"), WALKS),
    ),
    Mutation(
        "every claim has a new epoch",
        CLAIM,
        "epoch = j.epoch + 1",
        "epoch = greatest(j.epoch, 1)",
        (*_in(f"{_DB}/test_claim.py", "every_claim_of_a_job_has_a_higher_epoch"), WALKS, MACHINE),
    ),
    Mutation(
        "a rescue leaves a running lease alone",
        END,
        " AND (NOT $6 OR j.lease_until < clock_timestamp())",
        "",
        (*_in(f"{_DB}/test_end.py", "a_rescue_leaves_a_running_lease_alone"), WALKS, MACHINE),
    ),
    Mutation(
        "a worker stops what it no longer holds",
        "workers/leases.py",
        'run.stop("lost")',
        "continue",
        _in("tests/workers/test_run_job.py", "a_lost_lease_stops_the_call"),
    ),
    Mutation(
        "an epoch never falls",
        MOVES,
        "WHEN (NEW.epoch < OLD.epoch)",
        "WHEN (NEW.epoch < 0)",
        _in(f"{_DB}/test_moves.py", "a_row_that_contradicts_itself_is_refused"),
    ),
    Mutation(
        "what succeeded never runs again",
        MOVES,
        "    ('failed', 'queued');",
        "    ('failed', 'queued'), ('succeeded', 'queued');",
        (
            *_in(f"{_DB}/test_moves.py", "the_moves_in_the_database_are_the_ones_of_the_design"),
            WALKS,
            *_in("tests/house/test_states.py", "the_states_that_are_drawn_are_the_ones_in_the_database"),
        ),
    ),
)

CANCELS = (
    Mutation(
        "cancel beats retry",
        END,
        """SET status = CASE WHEN $3 = 'retrying' AND request.canceled THEN 'canceled' ELSE $3 END,
           finished_at = CASE WHEN $3 = 'retrying' AND NOT request.canceled THEN NULL""",
        """SET status = $3,
           finished_at = CASE WHEN $3 = 'retrying' THEN NULL""",
        (*_in(f"{_DB}/test_end.py", "cancel_beats_retry"), WALKS, MACHINE),
    ),
    Mutation(
        "what succeeds after a cancel is followed by nothing",
        END,
        "WHERE ended.status = 'succeeded' AND NOT request.canceled",
        "WHERE ended.status = 'succeeded'",
        (
            *_in(f"{_DB}/test_end.py", "what_succeeds_after_a_cancel_keeps_its_result_and_is_followed_by_nothing"),
            WALKS,
            MACHINE,
        ),
    ),
    Mutation(
        "what was canceled is not retried",
        RETRY,
        " or request.is_canceled",
        "",
        (*_in(f"{_DB}/test_cancel_retry.py", "there_is_nothing_to_retry_in_what_succeeded_or_was_canceled"), WALKS),
    ),
    Mutation(
        "what was canceled is not claimed",
        CLAIM,
        "('queued', 'running') AND r.cancel_requested_at IS NULL",
        "('queued', 'running')",
        _in(f"{_DB}/test_claim.py", "a_cancel_that_is_asked_for_is_enough"),
    ),
    Mutation(
        "what was canceled is not paid for",
        LEASE,
        " AND r.cancel_requested_at IS NULL",
        "",
        (*_in(f"{_DB}/test_leases.py", "there_is_no_leave_without_a_lease_or_after_a_cancel"), WALKS, MACHINE),
    ),
    Mutation(
        "an intent waits for a cancel that is being written",
        LEASE,
        "       FOR SHARE\n",
        "",
        _in(f"{_DB}/test_leases.py", "a_cancel_that_is_being_written_is_waited_for"),
    ),
    Mutation(
        "a cancel lets what runs come to its end",
        STOP,
        '[request_id], _WAITING, "canceled"',
        '[request_id], _OPEN, "canceled"',
        (*_in(f"{_DB}/test_cancel_retry.py", "a_cancel_lets_what_runs_come_to_its_end"), WALKS, MACHINE),
    ),
    Mutation(
        "nobody is told that something failed which they had canceled",
        STOP,
        "CASE WHEN cancel_requested_at IS NULL THEN $3 ELSE 'canceled' END AS ending",
        "$3::text AS ending",
        (*_in(f"{_DB}/test_cancel_retry.py", "what_was_canceled_ends_as_canceled_however_late"), WALKS, MACHINE),
    ),
    Mutation(
        "a worker stops a call nobody wants",
        "workers/leases.py",
        'run.stop("canceled")',
        "continue",
        _in("tests/workers/test_run_job.py", "a_cancel_stops_the_call"),
    ),
)

LOCKS = (
    Mutation(
        "an ending locks the request before the job",
        END,
        "(SELECT request_id FROM street.jobs WHERE id = $1)\n       FOR UPDATE",
        "(SELECT request_id FROM street.jobs WHERE id = $1 FOR UPDATE)\n       FOR UPDATE",
        _in(f"{_DB}/test_lock_order.py", "the_request_is_locked_before_its_jobs"),
    ),
    Mutation(
        "an intent locks the request before the job",
        LEASE,
        "(SELECT request_id FROM street.jobs WHERE id = $1)",
        "(SELECT request_id FROM street.jobs WHERE id = $1 FOR UPDATE)",
        _in(f"{_DB}/test_lock_order.py", "the_request_is_locked_before_its_jobs"),
    ),
    Mutation(
        "a cancel or a retry locks the request before it looks at its jobs",
        "core/db/lock_request.py",
        " WHERE id = $1 AND owner = $2 FOR UPDATE",
        " WHERE id = $1 AND owner = $2",
        (
            *_in(f"{_DB}/test_lock_order.py", "the_request_is_locked_before_its_jobs"),
            *_in(f"{_DB}/test_cancel_retry.py", "two_retries_at_once_are_one"),
        ),
    ),
    Mutation(
        "shares are locked in one order",
        END,
        "     ORDER BY s.queue DESC\n",
        "     ORDER BY s.queue\n",
        _in(f"{_DB}/test_end.py", "shares_are_locked_in_one_order_whatever_follows"),
    ),
    Mutation(
        "one sweeps at a time",
        SWEEP,
        "SELECT pg_try_advisory_xact_lock($1, $2)",
        "SELECT $1::int > 0 AND $2::int >= 0",
        _in("tests/core/test_sweeper.py", "only_one_sweeps_at_a_time"),
    ),
    Mutation(
        "a claim skips a share somebody holds",
        CLAIM,
        "FOR UPDATE OF s SKIP LOCKED",
        "FOR UPDATE OF s",
        _in(f"{_DB}/test_claim.py", "a_claim_waits_for_nobody_and_says_what_it_left"),
    ),
    Mutation(
        "a claim skips a request somebody holds",
        CLAIM,
        "       FOR UPDATE SKIP LOCKED\n",
        "       FOR UPDATE\n",
        _in(f"{_DB}/test_claim.py", "a_claim_waits_for_nobody_and_says_what_it_left"),
    ),
    Mutation(
        "a claim skips a job somebody holds",
        CLAIM,
        "FOR UPDATE OF j SKIP LOCKED",
        "FOR UPDATE OF j",
        _in(f"{_DB}/test_claim.py", "a_claim_waits_for_nobody_and_says_what_it_left"),
    ),
    Mutation(
        "a claim locks what it takes",
        CLAIM,
        "         LIMIT slots\n           FOR UPDATE OF j SKIP LOCKED",
        "         LIMIT slots",
        _in(f"{_DB}/test_claim.py", "a_claim_waits_for_nobody_and_says_what_it_left"),
    ),
    Mutation(
        "a heartbeat waits for nobody",
        LEASE,
        "FOR NO KEY UPDATE OF j SKIP LOCKED",
        "FOR NO KEY UPDATE OF j",
        _in(f"{_DB}/test_leases.py", "a_heartbeat_waits_for_nobody"),
    ),
    Mutation(
        "who looks for something else turns no rescue away",
        "core/sweeper.py",
        'take_sweep_lock(db, "rescue")',
        'take_sweep_lock(db, "end")',
        _in("tests/core/test_sweeper.py", "who_finds_a_lost_job_is_not_turned_away_by_who_does_something_else"),
    ),
    Mutation(
        "who freezes holds a connection no longer than a short lease",
        "local/postgres.py",
        '"transaction_timeout": "3s"',
        '"idle_in_transaction_session_timeout": "3s"',
        _in(f"{_DB}/test_pool.py", "who_freezes_before_a_statement_is_executed_holds_no_connection_for_long"),
    ),
    Mutation(
        "a statement goes out as a whole",
        "core/db/pool.py",
        "if key not in self._known:",
        "if key:",
        _in(f"{_DB}/test_pool.py", "a_statement_goes_out_as_a_whole_so_that_who_freezes_keeps_no_connection_of_a_proxy"),
    ),
    Mutation(
        "after one silence no other connection is trusted",
        "core/db/pool.py",
        "await pool.expire_connections()",
        "pool.get_size()",
        _in(f"{_DB}/test_pool.py", "after_one_silence_no_other_connection_is_trusted"),
    ),
    Mutation(
        "a rescue skips a learner somebody writes for",
        SWEEP,
        "FOR UPDATE OF r, s SKIP LOCKED",
        "FOR UPDATE OF r SKIP LOCKED",
        _in("tests/core/test_sweeper.py", "a_learner_somebody_writes_for_holds_up_nobody_elses_rescue"),
    ),
)

FAIRNESS = (
    Mutation(
        "turns go to the fewest running, then to whoever was served longest ago",
        CLAIM,
        "ORDER BY s.running, s.served_at, s.owner",
        "ORDER BY s.owner",
        _in(f"{_DB}/test_claim.py", "among_more_learners_than_a_claim_looks_at_the_next_is_found"),
    ),
    Mutation(
        "one claim takes a turn of everybody before a second of anybody",
        CLAIM,
        "ORDER BY c.turn, c.served_at, j.id",
        "ORDER BY j.id",
        _in(f"{_DB}/test_claim.py", "a_greedy_learner_does_not_delay_another"),
    ),
    Mutation(
        "a learner keeps to their share",
        CLAIM,
        " AND s.running + j.rank <= running_per_owner",
        "",
        _in(f"{_DB}/test_claim.py", "a_learner_keeps_to_their_share_also_when_many_claim_at_once"),
    ),
    Mutation(
        "whoever was served goes to the end of the line",
        MOVES,
        "served_at = CASE WHEN moved.served THEN clock_timestamp() ELSE served_at END",
        "served_at = served_at",
        _in(f"{_DB}/test_claim.py", "whoever_was_served_goes_behind_everybody_who_waits_also_when_nothing_runs"),
    ),
    Mutation(
        "a claim joins its few rows one by one",
        CLAIM,
        "SET enable_hashjoin = off\n",
        "",
        _in(f"{_DB}/test_plans.py", "a_claim_searches_its_indexes_for_what_is_due"),
    ),
    Mutation(
        "a claim asks nobody who only waits for a retry",
        CLAIM,
        "(SELECT count(*) FROM due) = 200 OR",
        "(SELECT count(*) FROM due) >= 0 OR",
        _in(f"{_DB}/test_plans.py", "a_claim_asks_nobody_who_only_waits_for_a_retry"),
    ),
)

ATTEMPTS = (
    Mutation(
        "who comes back has not waited while they ran",
        WAITS,
        ":= greatest(NEW.due_at, clock_timestamp())",
        ":= NEW.due_at",
        (*_in(f"{_DB}/test_backlog.py", "what_comes_back_has_not_waited_while_it_ran"), WALKS, MACHINE),
    ),
    Mutation(
        "who is put off waits for a worker only once they are due",
        WAITS,
        ":= greatest(NEW.due_at, clock_timestamp())",
        ":= clock_timestamp()",
        (*_in(f"{_DB}/test_backlog.py", "what_comes_due_has_waited_since_then"), WALKS, MACHINE),
    ),
    Mutation(
        "whoever need not wait keeps their place in line",
        END,
        "ELSE j.due_at END",
        "ELSE clock_timestamp() END",
        _in(f"{_DB}/test_end.py", "who_need_not_wait_keeps_their_place_in_line"),
    ),
    Mutation(
        "a refund gives the attempt back",
        END,
        "attempt = j.attempt - $5::int",
        "attempt = j.attempt - 0 * $5::int",
        (*_in(f"{_DB}/test_end.py", "a_refund_gives_the_attempt_back"), WALKS, MACHINE),
    ),
    Mutation(
        "a drain costs no attempt",
        "workers/run_job.py",
        'Ending("retrying", error=problem_of(handed_back), refund=True,',
        'Ending("retrying", error=problem_of(handed_back),',
        _in("tests/workers/test_run_job.py", "a_drained_job_is_handed_back_at_once_and_at_no_cost"),
    ),
    Mutation(
        "a lost lease is counted",
        END,
        "CASE WHEN $6 THEN j.lost_leases + 1 ELSE 0 END",
        "CASE WHEN $6 THEN 1 ELSE 0 END",
        (*_in(f"{_DB}/test_end.py", "lost_leases_are_counted_in_a_row"), MACHINE),
    ),
    Mutation(
        "three lost leases in a row are a crash loop",
        "core/sweeper.py",
        "job.lost_leases >= LOST_LEASES_ALLOWED",
        "job.lost_leases > LOST_LEASES_ALLOWED",
        _in("tests/core/test_sweeper.py", "three_lost_leases_in_a_row_are_a_crash_loop"),
    ),
    Mutation(
        "what was rescued before a rescue failed stays rescued",
        "core/sweeper.py",
        "lost[first : first + RESCUED_AT_ONCE]",
        "lost[first:]",
        _in("tests/core/test_sweeper.py", "what_was_rescued_before_a_rescue_failed_stays_rescued_and_was_told"),
    ),
    Mutation(
        "a retry has its time again",
        RETRY,
        " deadline = clock_timestamp() + $2::interval,",
        " deadline = r.deadline + 0 * $2::interval,",
        _in("tests/core/test_sweeper.py", "an_overdue_request_can_be_tried_again_and_has_its_time_again"),
    ),
    Mutation(
        "a wait a provider asked for is kept",
        "workers/run_job.py",
        "wait = max(failure.after or timedelta(0), backoff(job.attempt, base, cap))",
        "wait = backoff(job.attempt, base, cap)",
        _in("tests/workers/test_run_job.py", "a_wait_the_provider_asked_for_is_kept"),
    ),
)

PAYING_ONCE = (
    Mutation(
        "one key is one request",
        SUBMIT,
        "    ON CONFLICT (owner, idempotency_key) DO NOTHING\n",
        "",
        _in(f"{_DB}/test_accept.py", "twenty_at_once_with_one_key_make_one_request"),
    ),
    Mutation(
        "a key belongs to one learner",
        SUBMIT,
        "WHERE owner = $1 AND idempotency_key = $2",
        "WHERE $1 <> '' AND idempotency_key = $2",
        _in(f"{_DB}/test_accept.py", "a_key_belongs_to_one_learner"),
    ),
    Mutation(
        "an artifact is found by its owner only",
        LEASE,
        "JOIN held ON a.owner = held.owner",
        "JOIN held ON true",
        _in(f"{_DB}/test_leases.py", "what_another_learner_paid_for_is_never_found"),
    ),
    Mutation(
        "what was paid for is not paid for again",
        "workers/run_job.py",
        "    if found is not None:\n",
        "    if found is not None and not found:\n",
        _in("tests/workers/test_run_job.py", "what_was_paid_for_is_not_paid_for_again"),
    ),
    Mutation(
        "an answer outlives a database that goes away",
        "workers/run_job.py",
        "            failures += 1\n",
        "            return None\n",
        _in("tests/workers/test_run_job.py", "an_answer_outlives_a_database_that_goes_away"),
    ),
    Mutation(
        "an answer that is here is kept, whatever stops the run",
        "workers/run.py",
        "        finally:\n            self._calling = None",
        "        finally:\n            self._calling = asyncio.current_task()",
        _in("tests/workers/test_run_job.py", "an_answer_that_is_paid_for_is_kept_whatever_stops_the_run"),
    ),
    Mutation(
        "a lease that passed while nobody rescued the job is still ours",
        "workers/leave.py",
        "            await _hold(db, job, parts.settings)\n",
        '            raise Halted("lost")\n',
        _in("tests/workers/test_run_job.py", "a_lease_that_passed_while_nobody_was_rescued_is_still_ours"),
    ),
    Mutation(
        "a call nobody knows the end of stays open",
        END,
        "p.epoch = $2 AND NOT $6",
        "p.epoch = $2",
        (*_in(f"{_DB}/test_end.py", "a_call_nobody_knows_the_end_of_stays_open"), WALKS),
    ),
)

BUDGETS = (
    Mutation(
        "the budget is checked where the intent is written",
        LEASE,
        "     WHERE $5::bigint = 0 OR $7 OR s.microusd < $5::bigint\n",
        "     WHERE $5::bigint >= 0\n",
        _in("tests/workers/test_budget.py", "no_call_is_made_once_the_budget_is_used_up"),
    ),
    Mutation(
        "a call is counted before it is made",
        LEASE,
        "SELECT owner, (statement_timestamp() AT TIME ZONE 'UTC')::date, $4::bigint FROM held",
        "SELECT owner, (statement_timestamp() AT TIME ZONE 'UTC')::date, 0 * $4::bigint FROM held",
        _in("tests/workers/test_budget.py", "calls_that_begin_together_do_not_all_find_the_same_money"),
    ),
    Mutation(
        "submits of one learner take turns",
        "core/db/admission.py",
        "SELECT pg_advisory_xact_lock($1, hashtext($2))",
        "SELECT $1::int, hashtext($2)",
        _in("tests/api/test_admission.py", "posts_at_the_same_moment_open_no_more_than_one_may_have"),
    ),
    Mutation(
        "what was spent is locked before shares",
        END,
        "     WHERE (SELECT count(*) FROM spend) >= 0 AND jsonb_array_length",
        "     WHERE jsonb_array_length",
        _in(f"{_DB}/test_admission.py", "an_ending_that_waits_for_what_was_spent_holds_no_share"),
    ),
)

STORIES = (
    Mutation(
        "a follower subscribes before it replays",
        FOLLOW,
        "async for heard in _hear(inbox, place, self._silence):\n                        yield heard",
        """with self._broadcast.follow(request_id) as late:
                        async for heard in _hear(late, place, self._silence):
                            yield heard""",
        _in("tests/api/test_follow.py", "what_is_said_while_the_rows_are_read_is_heard"),
    ),
    Mutation(
        "a hole is filled from the rows",
        FOLLOW,
        "event is None or place.leaves_hole(event)",
        "event is None",
        _in("tests/api/test_follow.py", "a_hole_is_filled_from_the_rows"),
    ),
    Mutation(
        "what was told is not told again",
        FOLLOW,
        "else event.seq == self.seq + 1",
        "else True",
        _in("tests/api/test_follow.py", "events_published_twice_and_out_of_order_are_heard_once_and_in_order"),
    ),
    Mutation(
        "a silence is broken by a look",
        FOLLOW,
        "        except TimeoutError:\n            yield None\n            return\n",
        "        except TimeoutError:\n            yield None\n            continue\n",
        _in("tests/api/test_follow.py", "what_nobody_published_is_found_after_a_silence"),
    ),
    Mutation(
        "a full inbox says so",
        "core/broadcast.py",
        "        except asyncio.QueueFull:\n            self._missed = True\n",
        "        except asyncio.QueueFull:\n            self._missed = False\n",
        _in("tests/core/test_broadcast.py", "a_full_inbox_says_so_instead_of_growing"),
    ),
    Mutation(
        "a subscriber that came back makes everyone look",
        "core/broadcast.py",
        'if message["type"] == "subscribe":',
        'if message["type"] == "unsubscribe":',
        _in("tests/core/test_broadcast.py", "after_a_lost_connection_everyone_is_told_to_look_and_hears_again"),
    ),
    Mutation(
        "a worker looks when nobody rang",
        "workers/serve_queue.py",
        "                await self._look.wait()\n        except TimeoutError:\n            return",
        "                await self._look.wait()\n        except TimeoutError:\n            await self._look.wait()",
        _in("tests/workers/test_serve_queue.py", "a_job_nobody_rang_for_is_found"),
    ),
    Mutation(
        "what comes back into the line is rung for",
        END,
        "WHERE status = 'retrying' AND $4::interval <= interval '0') AS ring",
        "WHERE status = 'retrying' AND $4::interval < interval '0') AS ring",
        (
            *_in(f"{_DB}/test_end.py", "what_comes_back_into_the_line_is_rung_for"),
            *_in("tests/core/test_sweeper.py", "each_rescued_job_is_rung_for_unless_it_is_put_off"),
        ),
    ),
    Mutation(
        "a worker that leaves takes no bell",
        "workers/main.py",
        "await asyncio.gather(self._drain(serving), cancel_until_done(hearing))",
        "await self._drain(serving)\n            await cancel_until_done(hearing)",
        _in("tests/workers/test_main.py", "a_worker_that_drains_takes_no_bell_from_those_who_stay"),
    ),
    Mutation(
        "a sweep that failed comes again soon",
        "core/sweeper.py",
        "if failures == 0:",
        "if failures < 9:",
        _in("tests/core/test_sweeper.py", "a_sweep_that_failed_comes_again_soon"),
    ),
    Mutation(
        "a silent Redis holds up no rescue",
        "core/sweeper.py",
        "            show(swept.rescued, swept.overdue, swept.events)\n    finally:",
        "            await asyncio.gather(*telling)\n            show(swept.rescued, swept.overdue, swept.events)\n    finally:",
        _in("tests/core/test_sweeper.py", "a_redis_that_says_nothing_holds_up_no_rescue"),
    ),
    Mutation(
        "a lost bell rings again",
        SWEEP,
        "j.waiting_since < statement_timestamp() - interval '0.2 s'",
        "j.waiting_since < statement_timestamp() - interval '1 min'",
        _in("tests/core/test_sweeper.py", "whoever_waits_too_long_is_rung_for_however_often_that_was"),
    ),
)

MUTATIONS = (*FENCES, *CANCELS, *LOCKS, *FAIRNESS, *ATTEMPTS, *PAYING_ONCE, *BUDGETS, *STORIES)
