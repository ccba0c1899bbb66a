"""A case from the draft to its end, as anybody might act on it: what can be done, and how it is brought to an end.

A deed that the services refuse has changed nothing and is counted; what they take, the invariants look at.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from functools import cache

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.asked import Asked
from approvals import services as filings
from approvals.stages import ENDS, MaterialState, Stage
from core.steps.reasons import NotNow
from inspection import services as works
from inspection.models import Measure
from inspection.queries.nodes import not_in
from inspection.rules.measures import UNDECIDED
from inspection.services import Intention, OrganDecision
from inspection.stages import FindingState, MeasureKind, MeasureState, Severity, Verdict
from prereview import services as sessions
from prereview.stages import Conclusion, SessionKind, SessionStage
from public_notice.services import lodge_objection, reply_objection
from public_notice.stages import Finding as Said
from tests.trodden import WRITES
from tests.walk import pdf

REFUSALS = (NotNow, PermissionDenied, ValidationError)
OBJECTOR = {"name": "示例群众", "contact": "示例联系方式"}
OVER = (Stage.COMPLETED, *ENDS)
STUCK = 80  # so many turns bring any case to its end, or it has none


@Asked
def undecided_in(filing):
    """The measures of a case that are intended or heard."""
    return Measure.objects.filter(filing=filing, state__in=UNDECIDED)


class Known:
    """The people of the county, each looked up once: in these histories nobody comes or goes."""

    def __init__(self, people):
        self._people, self.department = people, cache(people.department)

    def __getattr__(self, name):
        return getattr(self._people, name)


class Written:
    """How many statements have written so far: where none did, the case is what it was when it was last looked at.

    What is taken back was counted when it was written; taking it back brings nothing new.
    """

    def __init__(self):
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        """A wrapper of the connection's statements."""
        found = WRITES.match(sql)
        self.count += found is not None and found[1].upper() != "ROLLBACK"
        return execute(sql, params, many, context)


class Case:
    """One case and everybody who may act on it; `w` is the walk it stands on."""

    def __init__(self, walk):
        self.w, self.done, self.refused = walk, Counter(), Counter()

    def try_to(self, name, deed, /, *args, **kwargs):
        """Do something whole or not at all; return whether it was taken."""
        try:
            with transaction.atomic():
                deed(*args, **kwargs)
        except REFUSALS:
            self.refused[name] += 1
            return False
        self.done[name] += 1
        return True

    @property
    def filing(self):
        return self.w.filing

    @property
    def over(self):
        """Whether the case is at the end of the road, or off it."""
        return self.filing.stage in OVER

    def wait(self, days):
        """Time passes, and the sweep comes once: late, as it may."""
        self.w.now = (self.w.now + timedelta(days=days)).replace(hour=9, minute=0)
        self.w.sweep()

    # — the road —————————————————————————————————————————————————————————————————

    def go_on(self):
        """The next step of the road, by whose move it is."""
        step = getattr(self, f"_{self.filing.stage}", None)
        return step is not None and self.try_to(self.filing.stage, step)

    def _draft(self):
        self.w.submit()

    def _submitted(self):
        self.w.serve()

    def _listed(self):
        self.w.hand_in()

    def _received(self):
        self.w.accept()

    def _correcting(self):
        self.w.upload()
        self.w.do(filings.hand_in_correction, self.filing, by=self.w.enterprise)

    def _accepted(self):
        if self.filing.suspended_at:
            return self._fill_the_gap()
        return self.w.call_survey()

    def _fill_the_gap(self):
        for material in self.filing.materials.filter(state=MaterialState.GAP):
            self.w.do(filings.upload_material, material, upload=pdf(), by=self.w.enterprise)
        for gap in self.filing.gaps.filter(ended_at=None):
            self.w.do(filings.check_gap, gap, fine=True, by=self.w.people.window)

    def _surveying(self):
        self.w.hold_survey()

    def _prereviewing(self):
        self._session_of(SessionKind.MEETING)
        self.w.morning()
        self.w.conclude()

    def _session_of(self, kind):
        agenda = self.filing.agenda_items.filter(session__kind=kind, round=self.filing.round)
        open_one = agenda.exclude(session__stage=SessionStage.CANCELLED).order_by("-pk").first()
        if open_one is None:
            self.w.call_meeting()
            self.w.hold(self.w.meeting)
        else:
            self.w.meeting = open_one.session
            self.w.opinions(self.w.meeting)

    def _committing(self):
        if not self.filing.letter().scan:
            self.w.sign()
        self.w.do(filings.verify_letter, self.filing, by=self.w.people.window)

    def _committed(self):
        self.w.publish()

    def _noticed(self):
        self.answer(Said.NOT_UPHELD)
        if self.filing.stage == Stage.NOTICED:
            self.w.past(self.w.notice.due_at)

    def _cleared(self):
        for change in self.filing.changes.filter(done_at=None):
            mine = self.w.people.department(change.item.department.code) if change.item else None
            by = mine or self.w.people.window
            self.w.do(filings.hand_in_change, change, text="已改", by=self.w.enterprise)
            self.w.do(filings.finish_change, change, note="已核", by=by)
        self.w.notify_start()

    def _start_notified(self):
        self.w.report_start(N3=self.w.now.date() + timedelta(60))

    def _building(self):
        for node in not_in(self.filing):
            self.w.do(
                works.report_progress, self.filing, happened_on=self.w.now.date(), percent=60,
                text="主体完成", node=node.node.code, upload=pdf(), by=self.w.enterprise,
            )  # fmt: skip
        self.w.apply_acceptance()

    def _accepting(self):
        if self.w.acceptance.verdicts.filter(verdict=Verdict.AWAITED).exists():
            self.w.pass_all()
        else:
            self.w.conclude_acceptance()

    def _amending(self):
        for entry in self.w.acceptance.verdicts.filter(verdict=Verdict.FAILED, mended=""):
            self.w.do(works.report_amendment, entry, text="已按清单整改", by=self.w.enterprise)
        self.w.do(works.hand_in_amendment, self.filing, text="请复验", by=self.w.enterprise)

    # — off the road ———————————————————————————————————————————————————————————

    def leave(self):
        """The enterprise withdraws, or after the start asks to go the ordinary way."""
        given = {"reason": "改按一般程序办理", "by": self.w.enterprise}
        if not self.try_to("withdraw", self.w.do, filings.withdraw, self.filing, **given):
            self.try_to("request_exit", self.w.do, works.request_exit, self.filing, **given)

    def conclude(self, conclusion):
        """The meeting comes to something else than a plain 通过."""

        def deed():
            self._session_of(SessionKind.MEETING)
            self.w.morning()
            due = (self.w.now + timedelta(days=20)).date()
            changes = {"changes": ["C05：出入口退让五米", "总说明补一页"], "changes_due": due}
            more = {"reasons": "选址不符合规划"} if conclusion != Conclusion.CHANGES else changes
            self.w.conclude(conclusion, **more)

        self.try_to(f"conclude {conclusion}", deed)

    def call_off(self):
        """The survey is called off, and may be called anew."""
        self.try_to(
            "call_off", self.w.do, sessions.cancel_session, self.w.survey, reason="大雪封路",
            by=self.w.people.convenor,
        )  # fmt: skip

    def promise(self):
        """The enterprise promises one material for later."""
        material = self.filing.intake_open().first()
        if self.filing.acknowledged_at is None:
            self.try_to(
                "sign", self.w.do, filings.acknowledge_checklist, self.filing, by=self.w.enterprise
            )
        if material is not None:
            self.try_to(
                "promise_gap", self.w.do, filings.promise_gap, material, signed=True,
                reason="月底出具", by=self.w.enterprise,
            )  # fmt: skip

    def find_fault(self):
        """The window finds a material wanting and asks for a correction, told at once."""

        def deed():
            material = self.filing.materials.filter(state=MaterialState.RECEIVED).first()
            if material is None:
                raise NotNow(["nothing to look at"])
            self.w.do(
                filings.check_material, material, fine=False, reason="页码不全",
                by=self.w.people.window,
            )  # fmt: skip
            self.w.do(filings.ask_correction, self.filing, by=self.w.people.window)

        self.try_to("ask_correction", deed)

    def object(self):
        """Somebody of the public objects."""
        words = {**OBJECTOR, "text": f"异议{self.w.now:%d%H%M}"}
        self.try_to("object", lodge_objection, self.w.notice, at=self.w.now, **words)

    def answer(self, finding, back_to=Stage.COMMITTING):
        """The window answers every objection that is open."""
        if self.w.notice is None:
            return
        for one in self.w.notice.objections.filter(finding=Said.OPEN):
            self.try_to(
                f"answer {finding}", self.w.do, reply_objection, one, finding=finding, reply="经核查",
                back_to=back_to, by=self.w.people.window,
            )  # fmt: skip

    # — checks, findings, measures ——————————————————————————————————————————————

    def look(self, *, broken):
        """A department looks at its clauses, and finds one broken or all kept."""

        def deed():
            if broken:
                self.w.breach("ZJJ", severity=Severity.SERIOUS)
            else:
                self.w.check("ZJJ")

        self.try_to("breach" if broken else "check", deed)

    def mend(self):
        """The enterprise says of every finding that it is mended."""
        waiting = (FindingState.OPEN, FindingState.FAILED)
        for finding in self.filing.findings.filter(state__in=waiting):
            self.try_to("mend", self.w.report_rectified, finding)

    def look_again(self, *, fine):
        """The department looks again at what was mended."""
        for finding in self.filing.findings.filter(state=FindingState.REPORTED):
            self.try_to(f"recheck {fine}", self.w.recheck, finding, fine=fine)

    def intend(self, kind, ground):
        """A department proposes a measure."""
        self.try_to(f"propose {kind}", self._intend, kind, ground)

    def _intend(self, kind, ground):
        said = Intention(
            kind, ground, "检查查明的事实", "办事规则", scope="全部土建", severity=Severity.GENERAL,
            finding=self.filing.findings.exclude(state=FindingState.CLOSED).first(),
        )  # fmt: skip
        clerk = self.w.people.department("ZJJ")
        self.w.do(works.propose_measure, self.filing, intention=said, by=clerk)

    def undecided(self):
        return undecided_in(self.w.pk)

    def speak(self):
        """The enterprise is heard on what is intended."""
        for measure in self.undecided():
            self.try_to(
                "speak", self.w.do, works.give_views, measure, text="请予从轻", by=self.w.enterprise
            )

    def decide(self, *, imposed):
        """The convenor decides what was heard."""
        for measure in self.undecided():
            organ = OrganDecision(
                "示例机关", "示例决定书1号", self.w.now.date(), Severity.GENERAL, 6
            )
            self.try_to(
                f"decide {measure.kind} {imposed}", self.w.do, works.decide_measure, measure,
                imposed=imposed, reasons="查明属实", organ=organ, by=self.w.people.convenor,
            )  # fmt: skip

    def lift(self):
        """The stop is asked to be lifted, and lifted where its breach is mended."""
        stops = {"kind": MeasureKind.STOP, "state": MeasureState.IMPOSED}
        for stop in Measure.objects.filter(filing=self.w.pk, **stops):
            self.try_to(
                "ask_lift", self.w.do, works.ask_lift, stop, text="已消除", by=self.w.enterprise
            )
            self.try_to(
                "lift",
                self.w.do,
                works.lift_stop,
                stop,
                reasons="已消除",
                by=self.w.people.convenor,
            )

    # — the joint acceptance ————————————————————————————————————————————————————

    def fail_one(self):
        """A department finds one thing wanting; everybody else passes; the lead concludes."""

        def deed():
            verdict = self.w.acceptance.verdicts.filter(verdict=Verdict.AWAITED).first()
            words = {"problem": "压力不足", "demand": "达到设计值"}
            self.w.give(verdict.number, Verdict.FAILED, **words)
            self.w.pass_all()
            self.w.conclude_acceptance()

        if self.w.acceptance.verdicts.filter(verdict=Verdict.AWAITED).exists():
            self.try_to("acceptance fails", deed)

    def be_silent(self):
        """All departments but one pass what is theirs; the lead tries to conclude and may not."""
        with suppress(*REFUSALS):
            self.w.pass_all(skip=["ZRJ"])
        return self.try_to("conclude over a silence", self.w.conclude_acceptance)

    # — to the end ——————————————————————————————————————————————————————————————

    def bring_to_an_end(self):
        """Everybody does what is theirs; the case must come to its end. Raise AssertionError where it does not."""
        self.bring_on(lambda case: case.over)

    def bring_on(self, there):
        """Everybody does what is theirs until the case is `there(case)`. AssertionError where it does not come."""
        for _turn in range(STUCK):
            if there(self):
                return
            self.mend()
            self.look_again(fine=True)
            self.decide(imposed=False)
            self.lift()
            if not self.go_on():
                self.wait(8)
        raise AssertionError(f"{self.filing.stage}: {self.reasons()}")

    def reasons(self):
        """What stands against the next step, for whoever reads a failure."""
        filing = self.filing
        return {
            t: filing.why_not(t) for t in ("accept", "verify_letter", "notify_start", "complete")
        }
