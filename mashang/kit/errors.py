"""The two ways a call can fail that are not our bug.

A `Refusal` was understood and declined: the caller is told, nobody is paged.  An
`Outage` is somebody else's system failing: it is retried and shown.  Everything
else is a bug and ends as 500 with a traceback in the log.

A refusal carries a code and facts, never a sentence: `kit.i18n` has the
sentences, in the reader's language, under the same code.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar


class Refusal(Exception):
    """Understood and declined."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class Invalid(Refusal):
    """A value does not have the form or range it must have: `field`, `reason`."""

    status, code = 422, "invalid"


class NotSignedIn(Refusal):
    """No session, or one that has ended."""

    status, code = 401, "not_signed_in"


class NotAllowed(Refusal):
    """Signed in, and not permitted to do this."""

    status, code = 403, "not_allowed"


class NotFound(Refusal):
    """Missing, or hidden from this reader: the answer is the same."""

    status, code = 404, "not_found"


class Conflict(Refusal):
    """The state of things forbids it: `reason`."""

    status, code = 409, "conflict"


class TooLarge(Refusal):
    """More than `limit` bytes."""

    status, code = 413, "too_large"


class TooMany(Refusal):
    """A limit was reached; `retry_after` seconds."""

    status, code = 429, "too_many"


class Outage(Exception):
    """Another system does not work as agreed.

    `reason` is for the log and the operator; it never holds what that system sent.
    """

    def __init__(self, system: str, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{system}: {reason}")
        self.system = system
        self.reason = reason
        self.retry_after = retry_after
