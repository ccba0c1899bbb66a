"""双随机抽查: once in a quarter projects under construction are drawn, and for each a department and its officers."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from accounts.stages import Role
from approvals.models import Filing
from approvals.stages import Stage
from core.deadlines.queries import rulebook_at, value_of
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow
from inspection import policies, rules
from inspection.models import Check, Draw
from inspection.queries.works import checking_departments
from inspection.rules.draw import draw, last_day_of_quarter, quarter_of, ranked
from inspection.services.checks import put_down
from inspection.stages import CheckMode

OFFICERS = 2


@transaction.atomic
def draw_random_checks(*, by: Membership, at: datetime) -> Draw:
    """抽取本季度的双随机检查; said twice in a quarter it stands once.

    The seed is the head of the county's book before the draw: nobody chooses it, and the entry of the draw
    names it as the one before, so that a stranger can repeat the draw from the ledger.
    """
    permit(None, policies.draws, by=by, at=at)
    book = lock(county_book().pk)[0]
    day = timezone.localdate(at)
    if (made := Draw.objects.filter(quarter=quarter_of(day)).first()) is not None:
        return made
    lock(*Filing.objects.filter(stage=Stage.BUILDING).values_list("book_id", flat=True))
    filings = {f.number: f for f in Filing.objects.filter(stage=Stage.BUILDING)}
    if not filings:
        raise NotNow([_("现在没有在建项目，没有可以抽取的对象。")])
    made = Draw.objects.create(
        quarter=quarter_of(day), seed=book.head, candidates=sorted(filings), drawn_by=by, drawn_at=at,
        share=value_of(rulebook_at(at), rules.RANDOM_SHARE).number,
    )  # fmt: skip
    drawn = draw(made.candidates, made.share, made.seed)
    record(
        book, "draw_random_checks", by=by, at=at, quarter=made.quarter, seed=made.seed,
        share=made.share, candidates=made.candidates, drawn=drawn,
    )  # fmt: skip
    for filing in sorted((filings[number] for number in drawn), key=lambda f: f.book_id):
        _pair(filing, made, by=by, at=at)
    return made


def _pair(filing: Filing, made: Draw, *, by: Membership, at: datetime) -> Check | None:
    """Draw a department that has a clause to check, and two of its officers where it has two, for one project."""
    seed = f"{made.seed}:{filing.number}"
    departments = {d.code: d for d in checking_departments(filing)}
    if not departments:
        return None
    department = departments[ranked(departments, seed)[0]]
    why = f"{made.quarter[:4]}年第{made.quarter[-1]}季度双随机抽取"
    return put_down(
        filing, department=department, mode=CheckMode.RANDOM, why=why,
        planned_on=last_day_of_quarter(timezone.localdate(at)), by=by, at=at,
        draw=made, officers=_officers(department, f"{seed}:{department.code}", at),
    )  # fmt: skip


def _officers(department: Organisation, seed: str, at: datetime) -> list[dict[str, Any]]:
    """Return the officers drawn, by name; the numbers of their cards are put down when the check is held."""
    day = timezone.localdate(at)
    people = {m.reference: m for m in people_of([department.pk], day, (Role.CLERK, Role.HEAD))}
    return [
        {"name": people[name].user.name, "card": ""} for name in ranked(people, seed)[:OFFICERS]
    ]
