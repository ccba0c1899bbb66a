"""Stage 0 and 1 for the enterprise: the questionnaire, the project, and the filing of it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Membership
from accounts.stages import Role
from approvals import policies
from approvals.models import Filing, Industry
from approvals.queries import catalogue_at, preview, sections
from approvals.rules.project import judged_industry
from approvals.rules.questionnaire import faults_in
from approvals.services import leaving
from approvals.services.application import barred, pin_editions, tell_of_filing
from approvals.services.edits import note_edit, refuse_stale
from approvals.stages import DraftPart
from core.documents.services import draw_number
from core.ledger.services import open_book
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, need_words, require

PROJECT_FIELDS = (
    "project_name", "project_code", "industry", "industry_code", "construction_nature", "works_kind", "site",
    "site_detail", "longitude", "latitude", "datum", "scale", "investment_wan", "funding", "land_mu",
    "land_with_design", "floor_area_m2", "planned_start", "planned_completion", "planned_production",
    "papers_in_english",
)  # fmt: skip

# Called with a filing that was withdrawn, and the instant: other desks end what runs there for it.
Close = Callable[[Filing, datetime], None]
WITHDRAWN: list[Close] = []


def on_withdrawn(close: Close) -> Close:
    """Name a function that ends what another desk has running for a case, when its enterprise takes it back."""
    WITHDRAWN.append(close)
    return close


def is_enterprise(thing: Any, by: Membership) -> bool:
    """A person of an enterprise."""
    return by.role == Role.ENTERPRISE


@transaction.atomic
def open_draft(
    *,
    by: Membership,
    at: datetime,
    demonstration: bool = False,
    answers: dict[str, Any] | None = None,
) -> Filing:
    """Open a draft for the person's enterprise, with a book of its own, with the answers of a trial if any."""
    permit(None, is_enterprise, by=by, at=at)
    filing = Filing(
        enterprise=by.organisation, created_by=by, stage_since=at, demonstration=demonstration
    )
    filing.book = open_book(f"filing:{filing.public_id}")
    filing.save()
    act(filing, "open_draft", policy=policies.own_enterprise, by=by, at=at)
    return save_answers(filing, answers=answers, by=by, at=at) if answers else filing


def _of_draft(filing: Filing, by: Membership, at: datetime) -> Filing:
    filing = locked(filing)
    permit(filing, policies.fills_in, by=by, at=at)
    if filing.stage != "draft":
        raise NotNow([filing.wrong_stage("submit")])
    if filing.on_paper:
        require(filing, policies.is_on_paper)
        require(filing, policies.is_not_before_the_second_person)
    return filing


SERIES = "左承申"  # of the numbers under which cases are followed


def filing_number(at: datetime) -> str:
    """Draw the next number of the year, within the act that hands the file to the window."""
    return draw_number(SERIES, timezone.localtime(at).year)


@transaction.atomic
def save_answers(
    filing: Filing,
    *,
    answers: dict[str, Any],
    by: Membership,
    at: datetime,
    base: int | None = None,
) -> Filing:
    """Keep the answers of the questionnaire; raise ValidationError for an answer that is none of the choices.

    `base` is the number of the last change that the person has seen; raises Stale where others went on since.
    """
    filing = _of_draft(filing, by, at)
    refuse_stale(filing, base, DraftPart.ANSWERS, by=by)
    edition = catalogue_at(at)
    seen = preview(answers, edition)
    kept = {
        q.fact: answers[q.fact] for q in seen.asked if answers.get(q.fact) not in (None, "", [])
    }
    if faults := faults_in(kept, seen.asked):
        raise ValidationError({"answers": [f"{fact}: {fault}" for fact, fault in faults.items()]})
    changes = {
        fact: kept.get(fact)
        for fact in {**filing.answers, **kept}
        if kept.get(fact) != filing.answers.get(fact)
    }
    filing.answers = kept
    filing.unanswered = [q.fact for q in preview(kept, edition).unanswered]
    filing.catalogue = edition
    filing.save()
    note_edit(filing, DraftPart.ANSWERS, changes, by=by, at=at)
    return filing


@transaction.atomic
def save_project(
    filing: Filing, *, by: Membership, at: datetime, base: int | None = None, **fields: Any
) -> Filing:
    """Keep what the draft says of the project; only the project's own fields are taken. `base` as in `save_answers`.

    A code of the industry names its section where none was chosen, and keeps the edition it was checked against.
    """
    filing = _of_draft(filing, by, at)
    refuse_stale(filing, base, DraftPart.PROJECT, by=by)
    before = {name: _text(getattr(filing, name)) for name in PROJECT_FIELDS}
    for name in PROJECT_FIELDS:
        if name in fields:
            setattr(filing, name, fields[name])
    _settle_industry(filing)
    filing.full_clean(exclude=["book", "stage", "answers", "unanswered"])
    filing.save()
    after = {name: _text(getattr(filing, name)) for name in PROJECT_FIELDS}
    changes = {name: said for name, said in after.items() if said != before[name]}
    note_edit(filing, DraftPart.PROJECT, changes, by=by, at=at)
    return filing


def _text(value: Any) -> str:
    """Return a field of the project as it is shown to whoever edits beside; numbers without needless zeros."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def _settle_industry(filing: Filing) -> None:
    if filing.industry_code:
        chosen = filing.industry.section if filing.industry else ""
        code, against = judged_industry(filing.industry_code, chosen, sections())
        if against:
            raise ValidationError({"industry_code": against})
        filing.industry_code = code.normalised
        filing.industry = Industry.objects.get(section=code.section)
    filing.industry_edition = filing.industry.edition_year if filing.industry else None


@transaction.atomic
def submit(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """申报: pin the editions in force, draw the number, and hand the file to the window."""
    filing = locked(filing)
    pin_editions(filing, at)
    if reasons := barred(filing, at):
        permit(filing, policies.own_enterprise, by=by, at=at)  # why, is told to nobody else
        raise NotNow(reasons)
    filing.submitted_at = at
    filing.save()
    filing = move(filing.submit, by=by, at=at, number=filing_number(at))  # type: ignore[assignment]
    tell_of_filing(filing, at)
    return filing


@transaction.atomic
def withdraw(filing: Filing, *, reason: str, by: Membership, at: datetime) -> Filing:
    """撤回: the enterprise takes its filing back before the start notification; nothing runs on."""
    need_words(reason)
    filing = move(filing.withdraw, by=by, at=at, reason=reason)  # type: ignore[assignment]
    leaving.withdrawal(filing, reason=reason, at=at)
    for close in WITHDRAWN:
        close(filing, at)
    return filing
