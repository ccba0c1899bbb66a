"""双随机抽查: once in a quarter projects under construction are drawn, and for each a department and its officers."""

import hashlib
import secrets
from datetime import date, datetime
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
from core.ledger.models import Book
from core.ledger.reading import bound_of
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words
from inspection import policies, rules
from inspection.models import Check, Draw
from inspection.queries.draws import grouped
from inspection.queries.works import checking_departments
from inspection.rules.draw import (
    ALGORITHM,
    MOST_TURNS,
    digest_of,
    draw_groups,
    last_day_of_quarter,
    mixed,
    quarter_of,
    ranked,
)
from inspection.services.checks import call_off_check, put_down
from inspection.services.pledges import pledged, why_not_pledged
from inspection.stages import CheckMode, Group

OFFICERS = 2
NONCE = 32  # bytes of chance in the opening of a draw
SHARES = {
    Group.GOOD: rules.GOOD_SHARE,
    Group.USUAL: rules.RANDOM_SHARE,
    Group.MARKED: rules.MARKED_SHARE,
}


@transaction.atomic
def draw_random_checks(*, by: Membership, at: datetime) -> Draw:
    """抽取本季度的双随机检查; said twice in a quarter it stands once.

    The draw is opened by an entry of its own, with the digest of the list and the secret that the round of the day has
    announced (docs/decisions/0071, 0075). The seed is mixed of that secret and of the first checkpoint after the
    announcement: nobody could know it before, and nobody can choose it. A county that makes no checkpoints adds 256
    fresh bits of chance, and the seed is the digest of the entry. Either way a stranger repeats the draw from the
    ledger. NotNow while nothing was announced or the checkpoint is still to come.
    """
    permit(None, policies.draws, by=by, at=at)
    book = lock(county_book().pk)[0]
    quarter = quarter_of(timezone.localdate(at))
    if (made := Draw.objects.filter(quarter=quarter).first()) is not None:
        return made
    return _draw(book, None, "", by=by, at=at)


@transaction.atomic
def draw_again(draw: Draw, *, reason: str, by: Membership, at: datetime) -> Draw:
    """重新抽取: a convenor who did not draw before, with a reason; both stay on record, checks not held go.

    Raises NotNow for a draw of another quarter, one that was drawn anew already, once a check of it was held, and for
    who made it: where one alone could draw again and again, the draw would be a choice.
    """
    permit(draw, policies.convenor_of, by=by, at=at)
    need_words(reason)
    book = lock(county_book().pk)[0]
    checks = list(draw.checks.select_related("filing"))
    if reasons := why_not_again(draw, at, by):
        raise NotNow(reasons)
    _lock_cases(*(check.filing.book_id for check in checks))
    for check in checks:
        if check.open:
            call_off_check(check, reason=reason, by=by, at=at)
    return _draw(book, draw, reason.strip(), by=by, at=at)


def why_not_again(draw: Draw, at: datetime, by: Membership) -> list[str]:
    """Return why a draw is not made anew at an instant by this person: once in a quarter, and by a second person."""
    last = Draw.objects.filter(quarter=quarter_of(timezone.localdate(at))).first()
    if last is None or last.pk != draw.pk:
        return [_("只能重新抽取本季度最近的一次。")]
    if draw.checks.filter(held_at__isnull=False).exists():
        return [_("已经按这次抽取进行了检查，不能重新抽取。")]
    if draw.turn >= MOST_TURNS:
        return [_("本季度已经重新抽取过一次，不能再抽。")]
    if draw.drawn_by.user_id == by.user_id:
        return [_("抽取的人不能自己重新抽取，换一个任职也不行：须由另一名召集人办理。")]
    return why_not_pledged(draw.quarter, draw.turn + 1)


def _lock_cases(*more: int) -> None:
    building = Filing.objects.filter(stage=Stage.BUILDING).values_list("book_id", flat=True)
    lock(*{*building, *more})


def _shares(at: datetime) -> dict[Group, int]:
    """Return the share of each group in percent; one that the county's rulebook does not know is the usual one."""
    rulebook = rulebook_at(at)
    usual = value_of(rulebook, rules.RANDOM_SHARE).number

    def share(code: str) -> int:
        try:
            return value_of(rulebook, code).number
        except KeyError:
            return usual

    return {group: share(code) for group, code in SHARES.items()}


def _draw(book: Book, before: Draw | None, reason: str, *, by: Membership, at: datetime) -> Draw:
    """Draw of what is under construction now; the caller holds the county's book."""
    _lock_cases()
    filings = {f.number: f for f in Filing.objects.filter(stage=Stage.BUILDING)}
    if not filings:
        raise NotNow([_("现在没有在建项目，没有可以抽取的对象。")])
    quarter, turn = quarter_of(timezone.localdate(at)), before.turn + 1 if before else 1
    if reasons := why_not_pledged(quarter, turn):
        raise NotNow(reasons)
    shares, listed = _shares(at), grouped(filings.values(), at)
    opening, seeded = _opened(
        book, quarter, turn, digest_of(draw_groups(listed, shares, "")), by=by, at=at
    )
    seed = seeded["seed"]
    groups = draw_groups(listed, shares, seed)
    drawn = [number for group in groups for number in group["drawn"]]
    pairs = [pair for number in sorted(drawn) if (pair := _pair(filings[number], seed, at))]
    made = Draw.objects.create(
        quarter=quarter, turn=turn, replaces=before,
        reason=reason, algorithm=ALGORITHM, digest=digest_of(groups), groups=groups, pairs=pairs,
        opening=opening, **seeded, candidates=sorted(filings), share=shares[Group.USUAL],
        drawn_by=by, drawn_at=at,
    )  # fmt: skip
    more = {"turn": made.turn, "reason": reason} if before else {}
    record(
        book, "draw_random_checks", by=by, at=at, quarter=made.quarter, seed=made.seed,
        share=made.share, candidates=made.candidates, drawn=drawn, algorithm=made.algorithm,
        digest=made.digest, groups=groups, pairs=pairs, **more,
    )  # fmt: skip
    for pair in sorted(pairs, key=lambda pair: filings[pair["filing"]].book_id):
        _plan(filings[pair["filing"]], pair, made, by=by, at=at)
    return made


def _opened(
    book: Book, quarter: str, turn: int, digest: str, *, by: Membership, at: datetime
) -> tuple[str, dict[str, Any]]:
    """Write down that a draw is opened, of which list, and reveal its secret; return the entry's text, and the seed.

    Without a checkpoint the entry also holds chance that nobody had before, and its digest is the seed.
    """
    pledge, after = pledged(quarter, turn)
    assert pledge is not None
    checkpoint = hashlib.sha256(after.text.encode()).hexdigest() if after else ""
    more = {"checkpoint": checkpoint} if after else {"nonce": secrets.token_hex(NONCE)}
    record(
        book, "open_draw", by=by, at=at, quarter=quarter, turn=turn, digest=digest, secret=pledge.secret,
        commitment=pledge.commitment, **more,
    )  # fmt: skip
    seed = mixed(pledge.secret, checkpoint) if after else book.head
    opening = bound_of(book.pk, book.sequence)
    return opening, {"seed": seed, "pledge": pledge, "checkpoint": checkpoint}


def _pair(filing: Filing, head: str, at: datetime) -> dict[str, Any] | None:
    """Draw a department that has a clause to check, and two of its officers where it has two, for one project.

    Officers are named by their references: who they are stands nowhere in what is published.
    """
    seed = f"{head}:{filing.number}"
    departments = {d.code: d for d in checking_departments(filing)}
    if not departments:
        return None
    code = ranked(departments, seed)[0]
    people = _people(departments[code], timezone.localdate(at))
    return {
        "filing": filing.number,
        "departments": sorted(departments),
        "department": code,
        "people": sorted(people),
        "officers": ranked(people, f"{seed}:{code}")[:OFFICERS],
    }


def _people(department: Organisation, day: date) -> dict[str, Membership]:
    return {m.reference: m for m in people_of([department.pk], day, (Role.CLERK, Role.HEAD))}


def _plan(
    filing: Filing, pair: dict[str, Any], made: Draw, *, by: Membership, at: datetime
) -> Check:
    """Put the check of a drawn project down; the numbers of the officers' cards are said when it is held."""
    day = timezone.localdate(at)
    department = Organisation.objects.get(code=pair["department"])
    people = _people(department, day)
    return put_down(
        filing, department=department, mode=CheckMode.RANDOM,
        why=f"{made.quarter[:4]}年第{made.quarter[-1]}季度双随机抽取",
        planned_on=last_day_of_quarter(day), by=by, at=at, draw=made,
        officers=[{"name": people[name].user.name, "card": ""} for name in pair["officers"]],
    )  # fmt: skip
