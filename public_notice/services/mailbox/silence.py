"""What silence comes to: no letter is answered by it; the supervisor hears of it, then the administrator."""

from datetime import datetime

from django.utils import timezone

from accounts.queries import holders
from accounts.services import system_actor
from accounts.stages import Role
from core.deadlines.counting import last_day_of
from core.deadlines.queries import calendar_at, rulebook_at, value_of
from core.deadlines.rules import on_silence
from core.deadlines.services import act_next, end, working_morning
from core.ledger.services import record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import move
from public_notice import rules
from public_notice.models import BoxLetter
from public_notice.services.mailbox.writing import desk_url


@on_silence(rules.LETTER, rules.LETTER_AGAIN)
def letter_overdue(letter: BoxLetter, now: datetime) -> None:
    """逾期: first the supervisor, some working days later the administrator; the letter stays to be answered."""
    first = letter.escalated_at is None
    at = letter.expires_at if first else (letter.act_at or now)
    if first:
        letter.escalated_at = at
        days = value_of(rulebook_at(now), rules.LETTER_LEADERS).number
        act_next(letter, working_morning(calendar_at(at), last_day_of(at), days + 1))
    else:
        letter.leaders_at = at
        act_next(letter, None)
    letter.save()
    record(
        letter.book, "escalate", by=system_actor(), at=at, rule=letter.rule, rung=1 if first else 2
    )
    tell(
        holders(Role.SUPERVISOR if first else Role.ADMINISTRATOR, timezone.localdate(now)),
        _("意见箱来信%(number)s逾期未答复，转督办") % {"number": letter.number},
        about=f"letter:{letter.pk}:{letter.rule}:{1 if first else 2}", at=now, link=desk_url(letter),
    )  # fmt: skip


@on_silence(rules.JUDGE)
def not_judged(letter: BoxLetter, now: datetime) -> None:
    """来信人未评价: the letter is closed as of the end of the writer's time, counted neither way."""
    at = letter.expires_at
    letter = move(letter.lapse_letter, by=system_actor(), at=at)  # type: ignore[assignment]
    end(letter, at=at)
