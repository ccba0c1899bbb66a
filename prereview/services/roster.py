"""授权名册: the head of a department says who acts for it and from when to when, who covers whom, who is away.

What is laid down here is the department's own; it stands in the county's book, for it belongs to no case.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership, Organisation
from core.documents.services import keep
from core.ledger.models import Book
from core.ledger.services import county_book, lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words
from prereview import policies
from prereview.models import Away, DepartmentRule, Mandate
from prereview.stages import Duty, Grade

LINK = "/stand-ins/"


@dataclass(frozen=True)
class Entry:
    """What is entered in the roster: whom, for what, from which day to which, both included, as A or as whose B."""

    person: Membership
    duties: tuple[str, ...]
    valid_from: date
    valid_to: date
    upload: UploadedFile | None
    covers: Membership | None = None


def _own_book(department: Organisation, *, by: Membership, at: datetime) -> Book:
    """Lock the county's book for an act of a department's head about the department itself."""
    (book,) = lock(county_book().pk)
    permit(department, policies.heads_department, by=by, at=at)
    return book


@transaction.atomic
def grant_mandate(
    department: Organisation, *, by: Membership, at: datetime, **entry: Any
) -> Mandate:
    """列入授权名册: by the head, with the scan of the authority; `entry` has the fields of Entry."""
    book, given = _own_book(department, by=by, at=at), Entry(**entry)
    if faults := _faults(department, given, timezone.localdate(at)):
        raise ValidationError(faults)
    assert given.upload is not None  # one of the faults
    scan = keep(given.upload, book=book, by=by, at=at)
    made = Mandate.objects.create(
        department=department, person=given.person, grade=Grade.B if given.covers else Grade.A,
        covers=given.covers, valid_from=given.valid_from, valid_to=given.valid_to, scan=scan,
        granted_by=by, granted_at=at, **{f"may_{duty}": True for duty in given.duties},
    )  # fmt: skip
    record(
        book, "grant_mandate", by=by, at=at, department=department.code, mandate=made.pk, agent=given.person,
        grade=made.grade, duties=sorted(given.duties), valid_from=given.valid_from,
        valid_to=given.valid_to, sha256=scan.sha256, **({"covers": given.covers} if given.covers else {}),
    )  # fmt: skip
    _tell(
        made, _("您已列入%(department)s授权名册（%(grade)s），%(from)s至%(until)s"), "granted", at
    )
    return made


def _faults(department: Organisation, given: Entry, today: date) -> dict[str, Any]:
    """Return by field what stands against an entry."""
    rules = (
        ("person", _not_ours(department, given.person, today)),
        ("person", _overlaps(department, given)),
        ("covers", given.covers is not None and _not_ours(department, given.covers, today)),
        ("covers", given.covers == given.person and _("自己不能是自己的B角。")),
        ("duties", not given.duties and _("请选择授权办理什么。")),
        ("duties", not set(given.duties) <= set(Duty.values) and _("没有这样的授权事项。")),
        ("valid_from", given.valid_from < today and _("授权不能倒签：起始日不早于今天。")),
        ("valid_to", given.valid_to < given.valid_from and _("截止日不能早于起始日。")),
        ("upload", given.upload is None and _("请上传授权文件扫描件。")),
    )
    return {name: said for name, said in reversed(rules) if said}


def _not_ours(department: Organisation, person: Membership, today: date) -> str:
    own = person.organisation_id == department.pk and policies.department(None, person)
    if own and person.valid_on(today) and person.user.is_active:
        return ""
    return _("只能选本单位在任的人员。")


def _overlaps(department: Organisation, given: Entry) -> str:
    running = department.mandates.filter(person=given.person, ended_at=None, covers=given.covers)
    same = running.filter(valid_from__lte=given.valid_to, valid_to__gte=given.valid_from)
    if not same.exists():
        return ""
    return _("他在这段时间里已有同样的一条：请先终止，或者从其后起授权。")


@transaction.atomic
def end_mandate(mandate: Mandate, *, reason: str, by: Membership, at: datetime) -> Mandate:
    """终止授权: by the head; from the next act on the person does nothing more under it."""
    need_words(reason)
    book = _own_book(mandate.department, by=by, at=at)
    mandate = Mandate.objects.select_related("person__user", "department").get(pk=mandate.pk)
    if mandate.ended_at is not None or timezone.localdate(at) > mandate.valid_to:
        raise NotNow([_("这项授权已经终止或者届满。")])
    mandate.ended_at, mandate.ended_by, mandate.ended_because = at, by, reason.strip()
    mandate.save(update_fields=["ended_at", "ended_by", "ended_because"])
    record(
        book, "end_mandate", by=by, at=at, department=mandate.department.code, mandate=mandate.pk,
        agent=mandate.person, reason=reason.strip(),
    )  # fmt: skip
    _tell(mandate, _("%(department)s对您的授权（%(grade)s）已终止"), "ended", at)
    return mandate


def _tell(mandate: Mandate, words: Any, occasion: str, at: datetime) -> None:
    names = {
        "department": mandate.department,
        "grade": lazy(mandate.get_grade_display, str)(),
        "from": mandate.valid_from.isoformat(),
        "until": mandate.valid_to.isoformat(),
    }
    tell(
        [mandate.person], words % names, about=f"mandate:{mandate.pk}:{occasion}", at=at, link=LINK
    )


@transaction.atomic
def enter_away(
    person: Membership, *, from_on: date, until_on: date, reason: str, by: Membership, at: datetime
) -> Away:
    """登记外出: by the person or by the head; meanwhile whoever covers the person acts."""
    need_words(reason)
    (book,) = lock(county_book().pk)
    permit(person, policies.enters_away, by=by, at=at)
    if from_on < timezone.localdate(at):
        raise ValidationError({"from_on": _("外出不能补登：起始日不早于今天。")})
    if until_on < from_on:
        raise ValidationError({"until_on": _("截止日不能早于起始日。")})
    made = Away.objects.create(
        person=person, from_on=from_on, until_on=until_on, reason=reason.strip(), entered_by=by, entered_at=at
    )  # fmt: skip
    record(
        book, "enter_away", by=by, at=at, department=person.organisation.code, agent=person,
        from_on=from_on, until_on=until_on,
    )  # fmt: skip
    seconds = Mandate.objects.running(from_on).filter(covers=person, grade=Grade.B)
    tell(
        [one.person for one in seconds.select_related("person__user")],
        _("%(who)s外出，%(from)s至%(until)s由您（B角）办理")
        % {"who": str(person.user), "from": from_on.isoformat(), "until": until_on.isoformat()},
        about=f"away:{made.pk}", at=at, link=LINK,
    )  # fmt: skip
    return made


@transaction.atomic
def end_away(away: Away, *, by: Membership, at: datetime) -> Away:
    """提前返回: from then on the person acts again, and no longer whoever covered them."""
    (book,) = lock(county_book().pk)
    away = Away.objects.select_related("person__organisation").get(pk=away.pk)
    permit(away.person, policies.enters_away, by=by, at=at)
    if away.ended_at is not None or timezone.localdate(at) > away.until_on:
        raise NotNow([_("这次外出已经结束。")])
    away.ended_at, away.ended_by = at, by
    away.save(update_fields=["ended_at", "ended_by"])
    record(
        book, "end_away", by=by, at=at, department=away.person.organisation.code, agent=away.person
    )
    return away


@transaction.atomic
def set_rule(
    department: Organisation,
    *,
    roster_binds: bool,
    countersigns: bool,
    by: Membership,
    at: datetime,
) -> DepartmentRule:
    """部门内部规定: whether only the roster's people act, and whether opinions need the head's signature."""
    book = _own_book(department, by=by, at=at)
    made, _created = DepartmentRule.objects.update_or_create(
        department=department,
        defaults={
            "roster_binds": roster_binds, "countersigns": countersigns, "set_by": by, "set_at": at,
        },
    )  # fmt: skip
    record(
        book, "set_department_rule", by=by, at=at, department=department.code,
        roster_binds=roster_binds, countersigns=countersigns,
    )  # fmt: skip
    return made
