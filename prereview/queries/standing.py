"""Who may act for a department at the time of an act: by the roster, the cover of an absence, and who stays out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from accounts.stages import Role
from approvals.queries.apart import ACCEPTED, FILED, acted_before, acted_in, said_apart
from core.rows import Facts
from prereview.models import (
    AgendaItem,
    Away,
    DepartmentRule,
    Mandate,
    Reassignment,
    Recusal,
    Slot,
)
from prereview.stages import Duty, Grade, SignState, SlotState

OFFICES = (Role.CLERK, Role.HEAD)


@dataclass(frozen=True)
class Standing:
    """How somebody stands to a department's act: why they may not, by which entry of the roster they may, who signs."""

    refusal: str = ""
    mandate: Mandate | None = None
    countersigned: bool = False  # what they say waits inside the department for its head

    @property
    def evidence(self) -> dict[str, Any]:
        """What is kept with the act: the entry of the roster under which it was done, and as whose stand-in."""
        if self.mandate is None:
            return {}
        covers = {"covers": self.mandate.covers} if self.mandate.covers else {}
        return {"mandate": self.mandate.pk, "grade": self.mandate.grade, **covers}


def filing_of(thing: Any) -> int | None:
    """Return the case that a thing is of; a summons is of a session, which may have several."""
    return getattr(thing, "filing_id", None)


def standing_of(thing: Any, duty: str, by: Membership, at: datetime) -> Standing:
    """Return how a person of a department stands to one of its acts at an instant; asked anew at every act."""
    day, filing = timezone.localdate(at), filing_of(thing)
    if filing is not None:
        asked = (by.organisation_id, by.user_id, filing, thing.book_id)
        binds, countersigns, out, elsewhere = read_along(thing, by) or IN_A_CASE.get(*asked)
    else:
        own = Organisation.objects.filter(pk=by.organisation_id)
        binds, countersigns, out = own.values_list(*RULES, _barred(thing, duty, by)).get()
        elsewhere = False  # of a session's summons nothing is asked
    if elsewhere and duty in (Duty.OPINE, Duty.HEAD):
        return Standing(said_apart())
    if out:
        return Standing(said_barred())
    if by.role == Role.HEAD:
        return Standing()
    needs = binds or duty == Duty.HEAD
    found = _mandate(by, duty, day, filing) if needs else None
    if needs and found is None:
        return Standing(_why_not_listed(by, duty, day))
    if duty != Duty.OPINE or not countersigns:
        return Standing(mandate=found)
    signs = _mandate(by, Duty.HEAD, day, filing)
    return Standing(mandate=signs or found, countersigned=signs is None)


RULES = ("department_rule__roster_binds", "department_rule__countersigns")


def _in_a_case(department: int, user: int, filing: int, book: int) -> Any:
    """Ask the department's rules, whether a natural person stays out of a case, and filed or accepted it."""
    out = Recusal.objects.filter(user=user, lifted_at=None, filing=filing)
    elsewhere = acted_before(book, user, FILED | ACCEPTED)
    return Organisation.objects.filter(pk=department).values_list(*RULES, Exists(out), elsewhere)


IN_A_CASE = Facts(_in_a_case)  # asked at every act of a department
ALONG = ("rule_binds", "rule_countersigns", "out", "elsewhere")  # the same, beside a row


def along(user: int) -> dict[str, Any]:
    """Return what `IN_A_CASE` asks of a natural person, to be read along with something a department owes in a case."""
    out = Recusal.objects.filter(user=user, lifted_at=None, filing=OuterRef("filing"))
    # Each by its key: of a table that may be empty nobody knows how many rows a join with it has.
    own = DepartmentRule.objects.filter(department=OuterRef("department"))
    fields = ("roster_binds", "countersigns")
    rules = {name: Subquery(own.values(field)) for name, field in zip(ALONG, fields, strict=False)}
    acted = acted_before(OuterRef("book"), user, FILED | ACCEPTED)
    return {
        **rules,
        "out": Exists(out),
        "elsewhere": acted,
        "along_of": Value(user, IntegerField()),
    }


def read_along(thing: Any, by: Membership) -> tuple[Any, ...] | None:
    """Return it where it was read along, for this person of this department."""
    held = vars(thing)
    if held.get("along_of") != by.user_id or thing.department_id != by.organisation_id:
        return None
    return tuple(held[name] for name in ALONG)


def _barred(thing: Any, duty: str, by: Membership) -> Any:
    """Whether a natural person stays out of all that a session asks the department on."""
    out = Recusal.objects.filter(user=by.user_id, lifted_at=None)
    session = getattr(thing, "session_id", None)
    if session is None or duty != Duty.ATTEND:
        return Exists(out.filter(filing=None))
    asked = Slot.objects.filter(agenda__session=session, department=thing.department_id)
    seen = AgendaItem.objects.filter(session=session)  # a second visit, on which nobody is asked
    open_to, left = (rows.exclude(filing__in=out.values("filing")) for rows in (asked, seen))
    of_asked = Exists(asked) & ~Exists(open_to)
    of_seen = ~Exists(asked) & Exists(seen) & ~Exists(left)
    return ExpressionWrapper(of_asked | of_seen, BooleanField())


def standings(slots: Sequence[Any], by: Membership, at: datetime) -> dict[int, Standing]:
    """Return by filing how a person stands to an opinion on each: a fixed number of queries, ruled or not."""
    first = {slot.filing_id: slot for slot in slots}
    books = acted_in({slot.book_id for slot in first.values()}, by, FILED | ACCEPTED)
    barred = Recusal.objects.filter(filing__in=first, user=by.user_id, lifted_at=None)
    out = set(barred.values_list("filing", flat=True))
    inside = _inside(list(first), by, timezone.localdate(at))
    return {
        pk: Standing(said_apart())
        if slot.book_id in books
        else Standing(said_barred())
        if pk in out
        else inside[pk]
        for pk, slot in first.items()
    }


def _inside(filings: list[int], by: Membership, day: date) -> dict[int, Standing]:
    """Return by filing what the department's own rule says of a person's opinion: who is listed, and who signs."""
    own = Organisation.objects.filter(pk=by.organisation_id).values_list(
        "department_rule__roster_binds", "department_rule__countersigns"
    )
    binds, countersigns = own.get()
    if by.role == Role.HEAD or not (binds or countersigns):
        return dict.fromkeys(filings, Standing())
    listed = _mandates(by, Duty.OPINE, day, filings) if binds else {}
    signs = _mandates(by, Duty.HEAD, day, filings) if countersigns else {}
    unlisted = _why_not_listed(by, Duty.OPINE, day) if binds else ""
    return {
        pk: Standing(unlisted)
        if binds and pk not in listed
        else Standing(
            mandate=signs.get(pk) or listed.get(pk),
            countersigned=bool(countersigns) and pk not in signs,
        )
        for pk in filings
    }


def _mandates(by: Membership, duty: str, day: date, filings: list[int]) -> dict[int, Mandate]:
    """Return by filing the entry of the roster that `_mandate` finds for it: three queries for all of them."""
    held = by.mandates.running(day).filter(**{f"may_{duty}": True})
    rows = list(held.select_related("covers__user").order_by("grade", "pk"))
    always = set(by.mandates.for_duty(duty, day).values_list("pk", flat=True))
    covered = {one.covers.user_id for one in rows if one.covers is not None}
    recused = Recusal.objects.filter(filing__in=filings, user__in=covered, lifted_at=None)
    out = set(recused.values_list("user", "filing"))
    found = {}
    for pk in filings:
        for one in rows:
            stands_in = one.covers is not None and (one.covers.user_id, pk) in out
            if one.pk in always or stands_in:
                found[pk] = one
                break
    return found


def said_barred() -> str:
    """Return the sentence that refuses who stays out of a case."""
    return _("您已对本件回避，不能办理：请本单位负责人指派其他人员。")


def _mandate(by: Membership, duty: str, day: date, filing: int | None) -> Mandate | None:
    held = by.mandates.for_duty(duty, day, filing)
    return held.select_related("covers__user").order_by("grade", "pk").first()  # type: ignore[no-any-return]


def _why_not_listed(by: Membership, duty: str, day: date) -> str:
    waits = by.mandates.running(day).filter(grade=Grade.B, **{f"may_{duty}": True})
    second = waits.select_related("covers__user").first()
    if second is not None and second.covers is not None:
        return _("您是%(who)s的B角：其在岗时由其办理，其外出或者回避时由您办理。") % {
            "who": second.covers.user
        }
    return _(
        "本单位规定只有授权名册上的人员可以办理“%(duty)s”，您今天不在名册上或者不在授权期内：请本单位负责人授权。"
    ) % {"duty": Duty(duty).label}


def stands_for_head(by: Membership, filing: int | None, day: date) -> Mandate | None:
    """Return the entry by which a clerk exercises the powers of the head on a day."""
    return _mandate(by, Duty.HEAD, day, filing)


def roster_of(department: int) -> QuerySet[Mandate]:
    """Return the roster of a department, newest first, with whom its rows name."""
    return Mandate.objects.filter(department=department).select_related(
        "person__user", "covers__user", "scan", "granted_by__user", "ended_by__user"
    )


def aways_of(department: int, since: date) -> QuerySet[Away]:
    """Return the absences of a department's people that are not over before a day."""
    found = Away.objects.filter(person__organisation=department, until_on__gte=since)
    return found.select_related("person__user", "entered_by__user", "ended_by__user")


def colleagues(by: Membership, day: date, *, filing: int | None = None) -> QuerySet[Membership]:
    """Return the people of a person's department in office on a day, themselves too, who do not stay out of a case."""
    found = people_of([by.organisation_id], day, OFFICES).filter(user__is_active=True)
    if filing is None:
        return found.order_by("pk")
    out = Recusal.objects.filter(filing=filing, lifted_at=None, user=OuterRef("user"))
    return found.exclude(Exists(out)).order_by("pk")


def waits_for_the_head(slot: Any) -> bool:
    """Whether an opinion on a slot waits inside the department; one that has come too late waits for nothing."""
    open_ = slot.state != SlotState.SETTLED
    return open_ and bool(slot.countersigns.filter(state=SignState.WAITING).exists())


def in_charge(thing: Any) -> Membership | None:
    """Return who of the department sees to a thing, where it was reassigned to somebody."""
    last: Reassignment | None = thing.reassignments.select_related("receiver__user").last()
    return last.receiver if last else None
