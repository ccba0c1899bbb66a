"""One natural person, two parts in one case: whoever filed does not accept, and neither gives opinions nor inspects."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Membership
from accounts.stages import Role
from approvals import services as filings
from approvals.services.apart import ACCEPTED, FILED, keep_apart
from approvals.stages import Stage
from core.deadlines import queries
from core.deadlines.models import RuleValue
from inspection.services.apart import keep_inspector_apart
from prereview import services as sessions
from prereview.stages import Position
from tests.conftest import instant as at
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _heard(people):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-11 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    return w


walked, w = standing(_heard)


def office(person, like, role):
    """The same person in another office."""
    return Membership.objects.create(
        user=person.user, organisation=like.organisation, role=role, valid_from=at("2018-01-01 00:00").date()
    )  # fmt: skip


@pytest.mark.parametrize("part", ["enterprise", "window"])
@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD])
def test_whoever_filed_or_accepted_gives_no_opinion(w, people, part, role):
    of_qxj = people.department("QXJ")
    both = office(getattr(people, part), of_qxj, role)
    slot = w.slot("QXJ", "C03")
    with refused("别的身份", error=PermissionDenied):
        w.do(sessions.give_opinion, slot, position=Position.AGREE, by=both)


def test_whoever_filed_does_not_accept(people):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.SUBMITTED)
    both = office(people.enterprise, people.window, Role.WINDOW)
    with refused("别的身份", error=PermissionDenied):
        w.do(filings.decide_eligible, w.filing, by=both)
    w.to(Stage.RECEIVED)
    w.check_materials()
    with refused("别的身份", error=PermissionDenied):
        w.do(filings.accept, w.filing, by=both)


@pytest.mark.parametrize(
    ("part", "parts", "refused_"),
    [
        ("enterprise", FILED, True), ("enterprise", ACCEPTED, False), ("window", FILED, False),
        ("window", ACCEPTED, True), ("supervisor", FILED | ACCEPTED, False),
        ("other_enterprise", FILED | ACCEPTED, False),
    ],
)  # fmt: skip
def test_each_pair(w, people, part, parts, refused_):
    """What the acts of an inspection ask, of the case's own ledger; another case is another matter."""
    by, book = getattr(people, part), w.filing.book_id
    if not refused_:
        keep_apart(book, by, parts)
        return
    with pytest.raises(PermissionDenied, match="别的身份"):
        keep_apart(book, by, parts)


@pytest.mark.parametrize("word", ["allowed", "apart"])
def test_the_county_says_whether_who_gave_the_opinion_may_inspect(w, people, word):
    of_zjj = people.department("ZJJ")  # gave the opinions of its department in the meeting
    RuleValue.objects.filter(code="P76").update(value=word)
    queries._rulebook.cache_clear()
    try:
        if word == "allowed":
            keep_inspector_apart(w.filing, of_zjj)
        else:
            with pytest.raises(PermissionDenied, match="P76"):
                keep_inspector_apart(w.filing, of_zjj)
        asked = w.filing.slots.values("department")
        others = Membership.objects.filter(role=Role.CLERK).exclude(organisation__in=asked)
        keep_inspector_apart(w.filing, others.first())  # has said nothing
        with pytest.raises(PermissionDenied, match="别的身份"):
            keep_inspector_apart(w.filing, people.window)
    finally:
        queries._rulebook.cache_clear()
