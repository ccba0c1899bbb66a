"""失效 after the start notification: nobody reports that the works began, is reminded of it, and the promise lapses.

The start is notified; P26 runs three months, and twenty working days after the reminder (P149) the case has ended,
unless works were seen before the gate opened or a measure is under way: then a person decides.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from approvals.stages import Approval, Stage
from core.deadlines.models import RulebookEdition, RuleValue
from core.documents.models import Paper
from core.steps.moves import move
from inspection import services as works
from inspection.models import EarlyStart, PlannedVisit
from inspection.stages import Ground, MeasureKind
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import event, however_swept, in_order, refused, sound, told
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
walked, notified = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
)


def limit(w, rule):
    return w.filing.limits.get(rule=rule)


def reminded(w):
    """Let the three months pass; return the end of the time after the reminder."""
    first = limit(w, "P26").due_at
    w.past(first)
    assert w.filing.stage == Stage.START_NOTIFIED
    assert event(w.filing.book, "remind_to_start") == first == limit(w, "P149").started_at
    return limit(w, "P149").due_at


def start(w, at=None):
    report = {
        "happened_on": (at or w.now).date(),
        "text": "基础开挖",
        "nodes": {"N2": None, "N3": None, "N4": None},
    }
    return works.report_start(w.filing, **report, by=w.people.enterprise, at=at or w.now)


def test_nobody_lapses_it_by_hand(notified, people):
    for person in (people.convenor, people.window, people.supervisor, people.enterprise):
        with refused(error=PermissionDenied):
            move(notified.filing.lapse, by=person, at=notified.now, reason="不开工")


def test_who_reports_after_the_reminder_builds(notified):
    last = reminded(notified)
    start(notified, at=last)
    assert notified.filing.stage == Stage.BUILDING
    notified.sweep(last + timedelta(days=7))
    assert (notified.filing.stage, limit(notified, "P149").ended_at) == (Stage.BUILDING, last)
    assert sound()


def test_reported_a_moment_late_it_has_lapsed_before_any_sweep(notified):
    last = reminded(notified)
    with refused("期限已经届满"):
        start(notified, at=last + TICK)


def test_silence_after_the_reminder_ends_the_case_however_it_is_swept(notified, people):
    replaced = set(notified.filing.items.filter(approval=Approval.REPLACED))
    assert replaced
    last = reminded(notified)
    found = however_swept(notified, last + timedelta(days=10))
    assert found["stage"][:2] == (Stage.LAPSED, last)
    filing = notified.filing
    assert in_order(["notify_start", "remind_to_start", "lapse"], acts(filing.book))
    assert acts(filing.book).count("lapse") == 1
    paper = Paper.objects.get(book=filing.book, kind="DOC36")
    assert (paper.issued_at, bool(paper.content["notified_text"])) == (last, True)
    assert {item.approval for item in filing.items.filter(pk__in=[i.pk for i in replaced])} == {
        Approval.OWED
    }
    assert not filing.limits.filter(ended_at=None).exists()
    assert not PlannedVisit.objects.filter(filing=filing, ended_at=None).exists()
    assert len(told(people.enterprise, "开工告知失效")) == 1
    assert sound()


def _measure(w):
    changed = works.Intention(
        MeasureKind.EXIT, Ground.CHANGED, text="项目另作他用", legal_basis="县规则"
    )
    w.do(works.propose_measure, w.filing, intention=changed, by=w.people.window)


def _works(w):
    EarlyStart.objects.create(
        filing=w.filing, department=w.people.window.organisation, began_on=w.now.date(), text="基础开挖",
        missing=[], recorded_by=w.people.window, recorded_at=w.now,
    )  # fmt: skip


@pytest.mark.parametrize("seen", [_measure, _works])
def test_who_was_seen_at_work_or_is_being_heard_waits_for_a_person(notified, seen):
    seen(notified)
    last = reminded(notified)
    notified.sweep(last + timedelta(days=1))
    assert notified.filing.stage == Stage.START_NOTIFIED
    assert limit(notified, "P149").escalated_at == last
    start(notified)
    assert notified.filing.stage == Stage.BUILDING
    assert sound()


def test_by_a_rulebook_that_reminds_nobody_nothing_lapses(notified):
    RuleValue.objects.filter(code="P149").delete()
    for edition in RulebookEdition.objects.all():
        RulebookEdition.objects.filter(pk=edition.pk).update(digest=f"{edition.pk}".ljust(64, "0"))
    notified.past(limit(notified, "P26").due_at)
    notified.sweep(notified.now + timedelta(days=200))
    assert notified.filing.stage == Stage.START_NOTIFIED
    assert not notified.filing.limits.filter(rule="P149").exists()
    assert limit(notified, "P26").escalated_at
