"""办件进度查询: number and code lead to a case without an account; wrong ones lead to one and the same sentence."""

from datetime import datetime, timedelta

from core.steps.tries import Tries
from desk.queries.progress import filing_of
from desk.rules.progress import plain_code, plain_number

# Eight signs out of 29 are half a billion times a thousand; with ten tries in a quarter of an hour nobody guesses one.
GUESSING = Tries("progress", from_one=10, at_one=20, wait=timedelta(minutes=15))


def follow(*, number: str, code: str, origin: str, at: datetime) -> int | None:
    """Return the key of the filing that number and code open; None where they do not, whichever of them is wrong.

    `origin` is where the question comes from (core.steps.tries.origin_of). Raises TooManyTries, before anything is
    looked at, where it or the number was failed at too often. A number that nobody bears counts like any other.
    """
    wanted = plain_number(number)
    GUESSING.admit(origin, wanted, at=at)
    found = filing_of(wanted, plain_code(code))
    if found is None:
        GUESSING.failed(origin, wanted, at=at)
    return found
