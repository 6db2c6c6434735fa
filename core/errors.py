"""Every error of ours, named by what its reader does next.

KotonohaError
├── Refused                 the caller can fix it; never retried
│   ├── Invalid             malformed or not allowed here
│   ├── NotAllowed          no valid identity
│   ├── Forbidden           identity known, right missing
│   ├── NotFound            missing, or not yours
│   ├── Gone                it was there and is no longer kept
│   ├── Conflict            another one is open
│   ├── TooLarge            body or upload
│   ├── TooSlow             body that did not come
│   ├── KeyReused           idempotency key with another body
│   └── TooMany             quota or budget; says when
├── Unavailable             a part we need is away; says when
│   └── Misconfigured       it stays away until a person mends a setting
└── JobFailed               raised by tools and kinds, read only by run_job
    ├── TryAgain            throttled, timed out: wait, then once more
    │   ├── NotStored       it was paid for, and could not be stored this time
    │   └── Unfinished      it may have been paid for, and came broken or not at all
    └── GiveUp              refused or unusable: the job failed, the reason is kept
        ├── Unstorable      it was paid for, and there is no place for it until a person makes one
        ├── Overdue         its time was up
        ├── OverBudget      the learner's money of this day is used up
        ├── CrashLoop       whoever works on it dies
        └── Internal        a bug of ours
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, NamedTuple

from core.contracts.job import Paid


class Flaw(NamedTuple):
    """One thing wrong with a body: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


class Quota(NamedTuple):
    """How often something may be done: at most `most` times in `seconds`, under a name clients see."""

    name: str
    most: int
    seconds: int


class KotonohaError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str = "") -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        super().__init__(self.message)


class Refused(KotonohaError):
    """The request cannot be served as it is."""

    code = "refused"


class Invalid(Refused):
    """Something in the request is not valid."""

    code = "invalid"

    def __init__(self, message: str = "", flaws: Sequence[Flaw] = ()) -> None:
        super().__init__(message)
        self.flaws = tuple(flaws)


class NotAllowed(Refused):
    """Sign in to do this."""

    code = "not-allowed"


class Forbidden(Refused):
    """This is not allowed."""

    code = "forbidden"


class NotFound(Refused):
    """There is nothing here."""

    code = "not-found"


class Gone(Refused):
    """That was here once and is no longer kept."""

    code = "gone"


class Conflict(Refused):
    """Something is already under way here."""

    code = "conflict"


class TooLarge(Refused):
    """That is larger than we take."""

    code = "too-large"


class TooSlow(Refused):
    """That did not come in time."""

    code = "too-slow"


class KeyReused(Refused):
    """This Idempotency-Key was used for another request."""

    code = "key-reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request; send this with a new one.")


class TooMany(Refused):
    """That is more than you may do at once."""

    code = "too-many"

    def __init__(self, message: str = "", retry_after: timedelta = timedelta(seconds=5), quota: Quota | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.quota = quota


class Unavailable(KotonohaError):
    """A part of Kotonoha is away for a moment."""

    code = "unavailable"

    def __init__(self, message: str = "", retry_after: timedelta = timedelta(seconds=2)) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Misconfigured(Unavailable):
    """A part of Kotonoha is not set up as it should be."""

    code = "misconfigured"

    def __init__(self, message: str, reason: str, look_at: str) -> None:
        """`message` is for whoever asked; `reason` (a vendor's code) and the settings to `look_at` for whoever mends it."""
        super().__init__(message, retry_after=timedelta(minutes=1))
        self.reason = reason
        self.look_at = look_at


class JobFailed(KotonohaError):
    """A tool could not do its work.

    `paid` is what it cost all the same, when somebody told. `is_free` says that nothing is taken for it; what is neither may
    have been paid for, and nobody knows how much.
    """

    code = "job-failed"
    is_free = False

    def __init__(self, message: str = "", *, paid: Paid | None = None) -> None:
        super().__init__(message)
        self.paid = paid


class TryAgain(JobFailed):
    """It did not work this time.

    `after` is how long the provider asked us to wait; `refund` says the attempt was nobody's fault (throttling,
    a lost dependency) and is not counted.
    """

    code = "try-again"
    is_free = True

    def __init__(
        self, message: str = "", after: timedelta | None = None, *, refund: bool = False, paid: Paid | None = None
    ) -> None:
        super().__init__(message, paid=paid)
        self.after = after
        self.refund = refund


class NotStored(TryAgain):
    """What was made could not be stored."""

    code = "not-stored"
    is_free = False


class Unfinished(TryAgain):
    """What was asked for came broken, or not at all."""

    code = "unfinished"
    is_free = False


class GiveUp(JobFailed):
    """It cannot work, however often we try."""

    code = "give-up"

    def __init__(self, message: str = "", *, is_free: bool = False, paid: Paid | None = None) -> None:
        super().__init__(message, paid=paid)
        self.is_free = is_free


class Unstorable(GiveUp):
    """There is no place to store what is made."""

    code = "unstorable"


class Overdue(GiveUp):
    """It was not done in time."""

    code = "overdue"


class OverBudget(GiveUp):
    """Your budget for today is used up."""

    code = "budget"


class CrashLoop(GiveUp):
    """Whoever works on it dies."""

    code = "crash-loop"


class Internal(GiveUp):
    """Something went wrong on our side."""

    code = "internal"
