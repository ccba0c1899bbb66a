"""请评价: whoever's case was closed is asked once, and every enterprise once a year; each with a code of its own."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import digest_of, people_of
from accounts.services import system_actor
from approvals.models import Filing
from approvals.stages import Stage
from core.deadlines.queries import rulebook_at, value_of
from core.ledger.services import county_book, lock
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import NotNow
from public_notice import policies, rules
from public_notice.models import SurveyCode, SurveyRound
from public_notice.services.satisfaction import record_round
from public_notice.stages import Occasion

LETTERS = "23456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 12
SINCE = timedelta(days=7)  # who was not asked by then is asked by the desk alone
TOGETHER = 200


@transaction.atomic
def begin_yearly_survey(*, by: Membership, at: datetime) -> SurveyRound:
    """开始年度问卷: once a year, by the administrator or by the clock; every enterprise with a case gets one code."""
    permit(None, policies.begins_surveys, by=by, at=at)
    lock(county_book().pk)
    today = timezone.localdate(at)
    if SurveyRound.objects.filter(year=today.year, occasion=Occasion.YEARLY).exists():
        raise NotNow([_("%(year)s年的年度问卷已经开始过，每年一次。") % {"year": today.year}])
    ends_on = today + timedelta(days=value_of(rulebook_at(at), rules.SURVEY_DAYS).number)
    made = SurveyRound.objects.create(year=today.year, occasion=Occasion.YEARLY, ends_on=ends_on)
    owners = Filing.objects.exclude(stage=Stage.DRAFT).order_by().values("enterprise")
    asked = Organisation.objects.filter(pk__in=owners).order_by("pk")
    for enterprise in asked:
        _invite(made, enterprise, None, at)
    record_round(made, by=by, at=at, asked=len(asked))
    return made


def _invite(
    made: SurveyRound, enterprise: Organisation, filing: Filing | None, at: datetime
) -> None:
    """Give an enterprise its code; the digest alone is kept, the code stands in its message."""
    code = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
    days = value_of(rulebook_at(at), rules.SURVEY_DAYS).number
    kept = SurveyCode.objects.create(
        round=made, enterprise=enterprise, filing=filing, digest=digest_of(code),
        ends_on=timezone.localdate(at) + timedelta(days=days),
    )  # fmt: skip
    said = {"code": code, "until": kept.ends_on.isoformat()}
    tell(
        people_of([enterprise.pk], timezone.localdate(at)),
        _("请您评价办理情况：问卷码%(code)s，%(until)s以前有效，不记名") % said,
        about=f"survey:{kept.pk}",
        at=at,
        link="/satisfaction/answer/",
    )


@transaction.atomic
def invite_after_closing(at: datetime) -> int:
    """Ask, once, whoever's case was closed in the last days and who has not answered; return how many were asked."""
    waiting = (
        Filing.objects.filter(
            stage=Stage.COMPLETED, completed_at__gt=at - SINCE, completed_at__lte=at,
            satisfaction_asked=None, survey_code=None,
        )
        .select_related("enterprise")
        .order_by("completed_at", "pk")
    )  # fmt: skip
    if not waiting.exists():
        return 0
    lock(county_book().pk)
    found = list(waiting[:TOGETHER])  # read under the lock: two rounds at once ask nobody twice
    for filing in found:
        assert filing.completed_at is not None
        year = timezone.localtime(filing.completed_at).year
        made, _new = SurveyRound.objects.get_or_create(year=year, occasion=Occasion.CLOSING)
        _invite(made, filing.enterprise, filing, at)
    return len(found)


def _begun_by_itself(now: datetime) -> int:
    """Begin the year's round; where another round has just done so, the rest of this one goes on."""
    try:
        begin_yearly_survey(by=system_actor(), at=now)
    except NotNow:
        return 0
    return 1


def ask_in_time(now: datetime) -> int:
    """Do what the round of a day does for the questionnaire; a rulebook from before the rule asks nothing."""
    try:
        month = value_of(rulebook_at(now), rules.SURVEY_MONTH).number
    except KeyError:
        return 0
    asked, today = invite_after_closing(now), timezone.localdate(now)
    begun = SurveyRound.objects.filter(year=today.year, occasion=Occasion.YEARLY)
    if today.month == month and not begun.exists():
        asked += _begun_by_itself(now)
    return asked
