"""What a visit has come to: the checklist, what stands on a point, who was there, who signed, what contradicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.deadlines.queries import rulebook_at, value_of
from prereview.models import (
    AgendaItem,
    ConflictSettlement,
    SiteFinding,
    SitePhoto,
    SitePresence,
    SiteSignature,
    Slot,
    SurveyQuestion,
)
from prereview.rules import TWO_PERSONS
from prereview.rules.checklist import Ask, Point, merged
from prereview.rules.visit import Clash, clashes, settlement_of, signature_of, standing
from prereview.stages import SessionKind

# Where an edition says nothing: the statute's own number (行政许可法 34(3)).
STATUTE_PERSONS = 2


@dataclass(frozen=True)
class Settled:
    """A conflict, and the convenor's word on it if there is one."""

    clash: Clash[SiteFinding]
    settlement: ConflictSettlement | None


@dataclass(frozen=True)
class Part:
    """One department's part of a visit: its persons, what stands, its photographs, its signature, what it lacks."""

    department: Organisation
    persons: list[SitePresence]
    findings: list[SiteFinding]
    photos: list[SitePhoto]
    signature: SiteSignature | None
    unsigned: frozenset[str]
    wanted: int

    @property
    def entries(self) -> frozenset[str]:
        """The names of what is signed for: findings that stand, and photographs."""
        return frozenset(str(one.uid) for one in [*self.findings, *self.photos])

    @property
    def signed(self) -> bool:
        """Whether everything of it is under its signature."""
        return self.signature is not None and not self.unsigned

    @property
    def people(self) -> int:
        """How many different persons were there: the same one entered twice is one."""
        return len({(one.name.strip(), one.card.strip()) for one in self.persons})


class Visit:
    """One stop of a survey with everything that was entered on it; a fixed number of queries, made when first asked."""

    def __init__(self, agenda: AgendaItem, at: datetime) -> None:
        self.agenda, self.at = agenda, at

    @cached_property
    def departments(self) -> dict[int, Organisation]:
        """The departments whose visit it is, by key."""
        found = Organisation.objects.filter(invitations__session_id=self.agenda.session_id)
        asked = self.agenda.slots.order_by()
        if (
            asked.exists()
        ):  # else a second visit; where all that was asked is struck, it is nobody's
            found = found.filter(pk__in=asked.in_play().values("department_id"))
        return {one.pk: one for one in found.prefetch_related("names").order_by("code")}

    @cached_property
    def points(self) -> list[Point]:
        """The checklist, merged: each point once, with those who ask it; the words in the language of the page.

        Who visits a second time, or has no point of its own, looks at what all departments of the first visit asked.
        """
        filing = self.agenda.filing
        items = set(filing.items.exclude(applies=False).values_list("code", flat=True))
        asks = asks_of(filing.pinned_rulebook, self.at)
        own = merged(asks, items, self._codes)
        if own and not self.agenda.session.second_visits.exists():
            return own
        return [one.of(self._codes) for one in merged(asks, items, self._codes | self._first())]

    def _first(self) -> set[str]:
        """Return the departments of the first visit, by code: in a later round that of the last round that had one."""
        asked = Slot.objects.in_play().filter(
            filing=self.agenda.filing_id, kind=SessionKind.SURVEY, round__lte=self.agenda.round
        )
        rows = list(asked.order_by().values_list("round", "department__code"))
        last = max((row[0] for row in rows), default=0)
        return {code for number, code in rows if number == last}

    @cached_property
    def _codes(self) -> set[str]:
        return {one.code for one in self.departments.values()}

    def _all(self, model: Any) -> list[Any]:
        related = ["department", "by__user", *(["file"] if model is SitePhoto else [])]
        return list(model.objects.filter(agenda=self.agenda).select_related(*related))

    @cached_property
    def findings(self) -> list[SiteFinding]:
        """Every finding that was sent, also those that no longer stand or came too late."""
        return self._all(SiteFinding)

    @cached_property
    def photos(self) -> list[SitePhoto]:
        """Every photograph."""
        return self._all(SitePhoto)

    @cached_property
    def persons(self) -> list[SitePresence]:
        """Everyone who was entered as present."""
        return self._all(SitePresence)

    @cached_property
    def signatures(self) -> list[SiteSignature]:
        """Every signature."""
        return self._all(SiteSignature)

    @cached_property
    def stand(self) -> dict[tuple[str, int], SiteFinding]:
        """What stands, by point and department."""
        return standing(one for one in self.findings if one.counted)

    @cached_property
    def conflicts(self) -> list[Settled]:
        """The conflicts, each with its settlement or without."""
        said = list(self.agenda.site_settlements.select_related("by__user"))
        return [Settled(one, settlement_of(one, said)) for one in clashes(self.stand.values())]

    @property
    def unsettled(self) -> list[Clash[SiteFinding]]:
        """The conflicts on which nobody has decided."""
        return [one.clash for one in self.conflicts if one.settlement is None]

    @property
    def after_close(self) -> list[Any]:
        """What arrived after the recorded close: kept, and not counted."""
        every = [*self.persons, *self.findings, *self.photos, *self.signatures]
        return [one for one in every if not one.counted]

    def words(self, topic: str) -> str:
        """A point in words; of one that the list no longer has, its name."""
        return next((one.words for one in self.points if one.topic == topic), topic)

    def part(self, department: Organisation) -> Part:
        """Return one department's part."""

        def own(rows: Iterable[Any]) -> list[Any]:
            return [one for one in rows if one.counted and one.department_id == department.pk]

        findings = [one for (_t, owner), one in self.stand.items() if owner == department.pk]
        photos = own(self.photos)
        names = {str(one.uid) for one in [*findings, *photos]}
        signature, unsigned = signature_of(department.pk, own(self.signatures), names)
        return Part(
            department, own(self.persons), findings, photos, signature, unsigned,
            self.wanted(department),
        )  # fmt: skip

    def wanted(self, department: Organisation) -> int:
        """How many persons a department must have there: two or more where it checks the substance (行政许可法 34)."""
        two = any(department.code in point.two_from for point in self.points)
        if not two:
            return 1
        return _number(self.agenda.filing.pinned_rulebook, TWO_PERSONS, STATUTE_PERSONS)

    @property
    def parts(self) -> list[Part]:
        """The part of each department."""
        return [self.part(one) for one in self.departments.values()]


def _number(rulebook: Any, code: str, otherwise: int) -> int:
    try:
        return int(value_of(rulebook, code).number)
    except KeyError:
        return otherwise


def asks_of(rulebook: Any, at: datetime) -> list[Ask]:
    """Return what departments ask on a site; of an edition from before there was a list, by the one in force."""
    found = SurveyQuestion.objects.filter(edition=rulebook).select_related("department")
    rows = list(found) or list(
        SurveyQuestion.objects.filter(edition=rulebook_at(at)).select_related("department")
    )
    return [
        Ask(one.topic, one.label, one.department.code, tuple(one.items), one.substantive, one.basis)
        for one in rows
    ]


def why_not_closed(agenda: AgendaItem, at: datetime) -> list[str]:
    """Return why the record of a visit cannot be closed: a conflict that the convenor has not settled."""
    if not agenda.session.is_survey or not agenda.sitefinding_set.exists():
        return []
    visit = Visit(agenda, at)
    return [
        _("“%(point)s”部门之间记录不一致：请召集人先写明理由作出裁定，再结束本议程。")
        % {"point": visit.words(clash.topic)}
        for clash in visit.unsettled
    ]
