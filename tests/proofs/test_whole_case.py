"""From the draft to the end, by whatever anybody does: no dead end, and no case that is closed with something open.

The machine of hypothesis takes a case that stands somewhere on the road and lets the people of the county act on it in
any order, with time that passes and a sweep that is late. After each step the case must be whole; after the last one
everybody does what is theirs, and it must come to an end.
"""

from collections import Counter
from contextlib import ExitStack

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.asked import Asked
from approvals.stages import ENDS, WORKS, Approval, GapState, Stage
from core.steps.offers import offered
from inspection.models import AcceptanceVerdict, Measure
from inspection.queries.acceptance import standing as standing_verdicts
from inspection.rules.measures import UNDECIDED
from inspection.stages import FindingState, Ground, MeasureKind, Verdict
from prereview.stages import Conclusion
from public_notice.models import Objection
from public_notice.stages import Finding as Said
from tests.chance import drawn
from tests.conftest import instant
from tests.proofs.whole_case import OVER, Case, Known, Written
from tests.share import part
from tests.stories.telling import sound
from tests.trodden import TRODDEN
from tests.walk import walk

SEEN, NOT_NOW = Counter(), Counter()
START = instant("2018-03-05 09:00")
BEGINNINGS = (
    Stage.DRAFT, Stage.LISTED, Stage.RECEIVED, Stage.ACCEPTED, Stage.SURVEYING, Stage.PREREVIEWING,
    Stage.COMMITTING, Stage.NOTICED, Stage.CLEARED, *[Stage.BUILDING] * 5, *[Stage.ACCEPTING] * 4,
)  # fmt: skip
ON_SITE = (Stage.BUILDING, Stage.ACCEPTING, Stage.AMENDING)
MEASURES = (
    (MeasureKind.STOP, Ground.DANGER),
    (MeasureKind.STOP, Ground.NOT_MENDED),
    (MeasureKind.EXIT, Ground.CHANGED),
    (MeasureKind.REVOKE, Ground.DECEIT),
    (MeasureKind.CREDIT, Ground.DECEIT),
)


def at(*stages):
    return precondition(lambda self: self.seen.stage in stages)


@Asked
def verdicts_of(filing):
    """The verdicts of a case in their order."""
    found = AcceptanceVerdict.objects.filter(acceptance__filing=filing)
    return found.order_by("acceptance__round", "pk")


class Whole(RuleBasedStateMachine):
    """What people do, one rule each; the services say what is possible."""

    people = None

    @initialize(stage=st.sampled_from(BEGINNINGS))
    def begin(self, stage):
        self.around, self.written = ExitStack(), Written()
        self.around.enter_context(transaction.atomic())
        self.around.enter_context(connection.execute_wrapper(self.written))
        TRODDEN.begin(patched=False)
        self.case = Case(walk(self.people, START, to=stage))

    def look_around(self):
        """Read the case once for all that asks before the next step what may be done."""
        self.seen_after = self.written.count
        self.seen = self.case.filing
        self.undecided = bool(self.case.undecided())
        self.over = self.seen.stage in OVER

    def teardown(self):
        if not hasattr(self, "case"):
            return
        try:
            self.case.bring_to_an_end()
            self.closed_with_nothing_open(self.case.filing)
            assert sound()
            SEEN.update(self.case.done)
            NOT_NOW.update(self.case.refused)
        finally:
            transaction.set_rollback(True)
            self.around.close()

    @rule()
    def go_on(self):
        self.case.go_on()

    @rule(days=st.sampled_from((1, 3, 8, 30, 100)))
    def time_passes(self, days):
        if not self.over:
            self.case.wait(days)

    @at(*ON_SITE, *(s for s in BEGINNINGS if s != Stage.DRAFT))
    @precondition(lambda self: self.case.w.now.day % 5 == 0)  # else every case would leave early
    @rule()
    def leave(self):
        self.case.leave()

    @at(Stage.LISTED)
    @rule()
    def promise(self):
        self.case.promise()

    @at(Stage.RECEIVED)
    @precondition(lambda self: self.case.done["ask_correction"] < 2)
    @rule()
    def find_fault(self):
        self.case.find_fault()

    @at(Stage.SURVEYING)
    @precondition(lambda self: self.case.done["call_off"] < 2)
    @rule()
    def call_off(self):
        self.case.call_off()

    @at(Stage.PREREVIEWING)
    @rule(conclusion=st.sampled_from((Conclusion.CHANGES, Conclusion.AGAIN, Conclusion.FAIL)))
    def conclude(self, conclusion):
        self.case.conclude(conclusion)

    @at(Stage.NOTICED)
    @rule()
    def object(self):
        self.case.object()

    @at(Stage.NOTICED)
    @rule(
        finding=st.sampled_from((Said.NOT_UPHELD, Said.UPHELD)),
        back_to=st.sampled_from((Stage.COMMITTING, Stage.PREREVIEWING)),
    )
    def answer(self, finding, back_to):
        self.case.answer(finding, back_to)

    @at(*ON_SITE)
    @rule(broken=st.booleans())
    def look(self, broken):
        self.case.look(broken=broken)

    @at(*ON_SITE)
    @rule()
    def mend(self):
        self.case.mend()

    @at(*ON_SITE)
    @rule(fine=st.booleans())
    def look_again(self, fine):
        self.case.look_again(fine=fine)

    @at(Stage.CLEARED, *WORKS, Stage.COMPLETED)
    @rule(measure=st.sampled_from(MEASURES))
    def intend(self, measure):
        self.case.intend(*measure)

    @precondition(lambda self: self.undecided)
    @rule()
    def speak(self):
        self.case.speak()

    @precondition(lambda self: self.undecided)
    @rule(imposed=st.booleans())
    def decide(self, imposed):
        self.case.decide(imposed=imposed)

    @precondition(lambda self: self.seen.stopped_at is not None)
    @rule()
    def lift(self):
        self.case.lift()

    @at(Stage.ACCEPTING)
    @rule()
    def fail_one(self):
        self.case.fail_one()

    @at(Stage.ACCEPTING)
    @rule()
    def be_silent(self):
        awaited = self.case.w.acceptance.verdicts.filter(verdict=Verdict.AWAITED)
        silent = awaited.filter(department__code="ZRJ").exists()
        assert not (self.case.be_silent() and silent), "nobody's silence accepts anything"

    # — what holds after each step ——————————————————————————————————————————————

    @invariant()
    def whole(self):
        """After a step in which nothing was written all is as it was found after the one before."""
        if self.written.count == getattr(self, "seen_after", None):
            return
        self.look_around()
        if self.over:
            self.closed_with_nothing_open(self.seen)
        else:
            self.somebody_or_the_clock_goes_on(self.seen)

    def somebody_or_the_clock_goes_on(self, filing):
        assert filing.limits.filter(ended_at=None).exists() or self._offered(filing), filing.stage

    def _offered(self, filing):
        whose = [self.people.enterprise, self.people.window, self.people.convenor]
        steps = (offer for person in whose for offer in offered(filing, person))
        if any(offer.allowed for offer in steps):
            return True
        codes = filing.items.values_list("department__code", flat=True).distinct()
        clerks = (self.people.department(code) for code in codes)
        return any(offer.allowed for clerk in clerks for offer in offered(filing, clerk))

    def closed_with_nothing_open(self, filing):
        running = filing.limits.filter(ended_at=None)
        assert not running.exists(), list(running.values_list("rule", flat=True))
        assert filing.stopped_at is None or filing.stage != Stage.COMPLETED
        hanging = Measure.objects.filter(filing=filing, state__in=UNDECIDED)
        assert (
            not hanging.exclude(kind=MeasureKind.CREDIT).exists() or filing.stage == Stage.COMPLETED
        )
        if filing.stage in ENDS:
            assert filing.ended_because
        if filing.stage == Stage.COMPLETED:
            self._promise_kept(filing)

    def _promise_kept(self, filing):
        assert not filing.findings.exclude(state=FindingState.CLOSED).exists(), "open finding"
        assert not filing.gaps.exclude(state=GapState.CLOSED).exists(), "open gap"
        assert not filing.items.filter(approval=Approval.OWED, applies=True).exists(), (
            "owed approval"
        )
        assert not Objection.objects.filter(notice__filing=filing, finding=Said.OPEN).exists()
        assert not filing.changes.filter(done_at=None).exists(), "a change never made"
        found = standing_verdicts(verdicts_of(filing.pk))
        assert found
        assert all(v.verdict == Verdict.PASSED and v.given_by_id for v in found)


def whole(people, examples, steps):
    """Run the machine so often and so far."""
    Whole.people = Known(people)
    number = drawn("a case from the draft to its end")
    print("seed", number)
    bounds = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
    )  # fmt: skip
    SEEN.clear()
    NOT_NOW.clear()
    run_state_machine_as_test(seed(number)(Whole), settings=bounds)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        (24, 50),
        pytest.param(30, 30, marks=pytest.mark.hunt),
        pytest.param(300, 50, marks=pytest.mark.hunt),
    ],
)
def test_no_dead_end_and_nothing_left_open(people, examples, steps):
    whole(people, part(examples), steps)
    print(dict(SEEN))
    print(dict(NOT_NOW))
