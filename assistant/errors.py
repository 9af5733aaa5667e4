"""The one tree of errors. HTTP codes live in `api/errors.py`, exit codes in `api/cli/exits.py`.

VoxspecError
├── UsageError            the request or the configuration is wrong; nothing was done
│   ├── InputRejected     a file, row set or payload that can't be read
│   ├── NotConfirmed     what a file holds isn't certain, and nobody said that it is right
│   ├── UnknownKind       no prompt file for that kind of draft
│   └── EmbedderMismatch  the workspace was embedded with another model
├── NotFound              no such record, draft, job or workspace
├── Conflict              the thing changed, or is in use by another request
├── BudgetExceeded        what a model may cost is used up; nothing was asked of it
├── StoreError            the catalog or an index can't serve
│   ├── IndexLocked       another process owns the index
│   ├── StoreCorrupt      a file of the store is damaged
│   └── DiskFull          no space left
├── ModelError            a language model or embedder can't serve
│   ├── ModelUnavailable  not reachable, 5xx
│   ├── ModelTimeout      no answer in time
│   ├── ModelRateLimited  429; `retry_after_s` says when
│   ├── ModelRefused      the model declined
│   └── ModelReplyInvalid not the JSON that was asked for, or cut off
├── TrackerError          an issue system can't do it
│   ├── TrackerUnavailable  not reachable, no answer in time, 5xx; what was sent may have arrived
│   ├── TrackerRateLimited  asks to come back; `retry_after_s` says when
│   └── TrackerRefused    says no: rights, a missing ticket, a value that it doesn't take
└── Cancelled             a person stopped it
"""

from typing import ClassVar


class VoxspecError(Exception):
    """An error that a person can act on.

    Args:
        message: one sentence for the person.
        hint: what to do next.
    """

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(VoxspecError):
    """The request or the configuration is wrong; nothing was done."""

    code = "usage"


class InputRejected(UsageError):
    """A file, row set or payload can't be read."""

    code = "input-rejected"


class NotConfirmed(UsageError):
    """What the columns of a file hold isn't certain, and nobody said that it is right."""

    code = "not-confirmed"


class UnknownKind(UsageError):
    """No prompt file defines that kind of draft."""

    code = "unknown-kind"


class EmbedderMismatch(UsageError):
    """The workspace holds vectors of another embedder; mixing them would return nonsense."""

    code = "embedder-mismatch"


class NotFound(VoxspecError):
    """No such record, draft, job or workspace in this workspace."""

    code = "not-found"


class Conflict(VoxspecError):
    """The thing changed, or is in use by another request."""

    code = "conflict"


class BudgetExceeded(VoxspecError):
    """What a model may cost, for a request or a day, is used up; nothing was asked of it."""

    code = "budget-exceeded"


class StoreError(VoxspecError):
    """The catalog or an index can't serve."""

    code = "store-unavailable"
    retryable = True


class IndexLocked(StoreError):
    """Another process owns the vector index of this workspace."""

    code = "index-locked"


class StoreCorrupt(StoreError):
    """A file of the store is damaged."""

    code = "store-corrupt"
    retryable = False


class DiskFull(StoreError):
    """No space left on the device that holds the store."""

    code = "disk-full"


class ModelError(VoxspecError):
    """A language model or embedder can't serve."""

    code = "model-error"


class ModelUnavailable(ModelError):
    """The model's server can't be reached or answers 5xx."""

    code = "model-unavailable"
    retryable = True


class ModelTimeout(ModelError):
    """No answer in time."""

    code = "model-timeout"
    retryable = True


class ModelRateLimited(ModelError):
    """The model's server asks to slow down (429)."""

    code = "model-rate-limited"
    retryable = True

    def __init__(self, message: str, *, hint: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class ModelRefused(ModelError):
    """The model declined to answer."""

    code = "model-refused"


class ModelReplyInvalid(ModelError):
    """The reply isn't the JSON that was asked for, or it was cut off."""

    code = "model-reply-invalid"


class TrackerError(VoxspecError):
    """An issue system can't do what it was asked."""

    code = "tracker-error"


class TrackerUnavailable(TrackerError):
    """It can't be reached, gives no answer in time, or answers 5xx. What was sent may have arrived."""

    code = "tracker-unavailable"
    retryable = True


class TrackerRateLimited(TrackerError):
    """It asks to come back later. Nothing was done."""

    code = "tracker-rate-limited"
    retryable = True

    def __init__(self, message: str, *, hint: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class TrackerRefused(TrackerError):
    """It says no: missing rights, no such ticket, a value that it doesn't take."""

    code = "tracker-refused"


class Cancelled(VoxspecError):
    """A person stopped the work."""

    code = "cancelled"
