"""The machine of whole cases: what people may do in a step, one rule each, and what holds after every step."""

from collections import Counter
from functools import partial
from types import SimpleNamespace

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
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
from tests.conftest import instant
from tests.proofs.growing import Tree
from tests.proofs.whole_case import OVER
from tests.walk import walk

SEEN, NOT_NOW, PLAYED = Counter(), Counter(), []
NOTHING = SimpleNamespace(stage="", stopped_at=None)  # after the last history
FEW = 2  # times that the same is done in one history, where it could go on for ever
START = instant("2018-03-05 09:00")
BEGINNINGS = (
    Stage.DRAFT, Stage.LISTED, Stage.RECEIVED, Stage.ACCEPTED, Stage.SURVEYING, Stage.PREREVIEWING,
    Stage.COMMITTING, Stage.NOTICED, Stage.CLEARED, *[Stage.BUILDING] * 9, *[Stage.ACCEPTING] * 8,
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


def where(holds):
    """Only while there is a case, and something holds of it."""
    return precondition(lambda self: not self.tree.finished and holds(self.case))


GROWING = where(lambda _case: True)


@Asked
def verdicts_of(filing):
    """The verdicts of a case in their order."""
    found = AcceptanceVerdict.objects.filter(acceptance__filing=filing)
    return found.order_by("acceptance__round", "pk")


class Whole(RuleBasedStateMachine):
    """What people do, one rule each; the services say what is possible."""

    people = shape = room = wanted = tree = None

    @initialize(stage=st.sampled_from(BEGINNINGS))
    def begin(self, stage):
        start = partial(walk, self.people, START, to=stage)
        left = self.wanted - sum(PLAYED)
        self.tree = Tree(self.shape, self.room, left, self.closed_with_nothing_open, start)
        self.begun, self.seen_after = True, None

    @precondition(lambda self: self.tree.finished)
    @rule()
    def rest(self):
        """No whole history is left to play."""

    @property
    def case(self):
        return self.tree.case

    def look_around(self):
        """Read the case once for all that asks before the next step what may be done."""
        self.seen_after = self.tree.written.count
        self.seen = self.case.filing
        self.undecided = bool(self.case.undecided())
        self.over = self.seen.stage in OVER

    def teardown(self):
        if self.tree is not None:
            self.tree.close()
            SEEN.update(self.tree.done)
            NOT_NOW.update(self.tree.refused)
            PLAYED.append(self.tree.histories)

    @GROWING
    @rule()
    def go_on(self):
        self.case.go_on()

    @GROWING
    @rule(days=st.sampled_from((1, 3, 8, 30, 100)))
    def time_passes(self, days):
        if not self.over:
            self.case.wait(days)

    @at(*ON_SITE, *(s for s in BEGINNINGS if s != Stage.DRAFT))
    @where(
        lambda case: case.w.now.day % 5 == 0 and case.refused["request_exit"] < FEW
    )  # else every case would leave early
    @rule()
    def leave(self):
        self.case.leave()

    @at(Stage.LISTED)
    @rule()
    def promise(self):
        self.case.promise()

    @at(Stage.RECEIVED)
    @where(lambda case: case.done["ask_correction"] < 2)
    @rule()
    def find_fault(self):
        self.case.find_fault()

    @at(Stage.SURVEYING)
    @where(lambda case: case.done["call_off"] < 2)
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
    @where(lambda case: case.done["check"] + case.done["breach"] < 2 * FEW)
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
    @where(lambda case: case.done["acceptance fails"] < 1)
    @rule()
    def fail_one(self):
        self.case.fail_one()

    @at(Stage.ACCEPTING)
    @where(lambda case: case.refused["conclude over a silence"] < FEW)
    @rule()
    def be_silent(self):
        awaited = self.case.w.acceptance.verdicts.filter(verdict=Verdict.AWAITED)
        silent = awaited.filter(department__code="ZRJ").exists()
        assert not (self.case.be_silent() and silent), "nobody's silence accepts anything"

    # — what holds after each step ——————————————————————————————————————————————

    @invariant()
    def whole(self):
        """After a step in which nothing was written all is as it was found after the one before."""
        self.see()
        if not self.begun and self.tree.step():
            self.seen_after = None
            self.see()
        self.begun = False

    def see(self):
        if self.tree.finished:
            self.seen, self.undecided, self.over = NOTHING, False, True
            return
        if self.tree.written.count == self.seen_after:
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
        for theirs in (filing.findings, filing.planned_visits, filing.site_nodes):
            assert not theirs.filter(started_at__isnull=False, ended_at=None).exists(), theirs.model
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
