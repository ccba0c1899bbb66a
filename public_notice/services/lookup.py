"""查询异议: number and code of the receipt lead to an objection; guessing is slowed as everywhere."""

from datetime import datetime, timedelta

from core.steps.tries import Tries
from public_notice.models import Objection
from public_notice.rules.personal import normalise

# As for following a case: nobody guesses a code with ten tries in a quarter of an hour.
GUESSING = Tries("objection", from_one=10, at_one=20, wait=timedelta(minutes=15))


def look_up(*, number: str, code: str, origin: str, at: datetime) -> Objection | None:
    """Return the objection of a receipt, None where number and code are not of one; brackets and blanks as typed.

    Raises TooManyTries, before anything is looked at, where the address or the number was failed at too often.
    """
    wanted = _plain(number)
    GUESSING.admit(origin, wanted, at=at)
    found = Objection.objects.select_related("notice", "book").filter(code=code).first()
    if found is not None and _plain(found.number) == wanted:
        return found
    GUESSING.failed(origin, wanted, at=at)
    return None


def _plain(number: str) -> str:
    return "".join(char for char in normalise(number) if char.isalnum())
