"""Walk a filing to a stage by the real services, on the real calendar: `walk(people, at("2018-03-05 09:00"), to=…)`.

Every step is a method with the stage it needs, so that a story can stop between two steps and do something
else. `w.now` is the instant of the last act; `w.morning(2)` goes on to 09:00 of the second working day after
it and sweeps what has passed by then.
"""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.asked import Asked
from approvals import services as filings
from approvals.models import Clause, Filing, Region
from approvals.stages import Approval, MaterialState, NeededBy, Stage
from core import clock
from core.deadlines.queries import calendar_at, last_day_of
from core.deadlines.services import local, sweep
from core.rows import Read
from inspection import services as works
from inspection.models import Acceptance
from inspection.stages import Kept, Severity, Verdict
from prereview import services as sessions
from prereview.queries import earliest_opening
from prereview.stages import Conclusion, Position, SessionKind
from public_notice.models import MailboxKind
from public_notice.services import (
    ask_lifting,
    ask_view,
    assign_letter,
    mark_part,
    publish_notice,
    register_disclosure,
    review_part,
    write_letter,
)
from tests.files import PDF, PNG
from tests.trodden import TRODDEN

# A plain project on land of its own: C03 C05 C09 C12 R04 R06, and nothing behind a red line but R04 and R06.
ANSWERS = {
    "procedure_type": "filing",
    "in_development_zone": "no",
    "project_limits": "none",
    "open_dishonesty_record": "no",
    "land_route": "own",
    "site_features": ["none"],
    "eia_class": "registration",
    "energy_above_threshold": "no",
    "soil_plan_needed": "no",
    "takes_water": "no",
    "has_civil_building": "no",
    "special_places": ["none"],
}
PROJECT = {
    "project_name": "示例小杂粮加工项目",
    "project_code": "2018-140722-13-03-000001",
    "site_detail": "示例村",
    "scale": "新建加工车间一座，年加工小杂粮三千吨",
    "investment_wan": "1200",
    "land_mu": "18.5",
}
OFFICERS = ({"name": "检查示例甲", "card": "示例001"}, {"name": "检查示例乙", "card": "示例002"})
BREACH = {
    "severity": Severity.GENERAL,
    "severity_reason": "现场情况与通常不同",
    "text": "现场与承诺的标准不一致",
    "legal_basis": "企业投资项目承诺书",
    "demand": "按承诺的标准改正",
    "days": 10,
}
NO_NODES = {"N2": None, "N3": None, "N4": None}  # the works have none of the nodes
WAY = (
    (Stage.DRAFT, "draft"),
    (Stage.SUBMITTED, "submit"),
    (Stage.LISTED, "serve"),
    (Stage.RECEIVED, "hand_in"),
    (Stage.ACCEPTED, "accept"),
    (Stage.SURVEYING, "call_survey"),
    (Stage.PREREVIEWING, "hold_survey"),
    (Stage.COMMITTING, "hold_meeting"),
    (Stage.COMMITTED, "commit"),
    (Stage.NOTICED, "publish"),
    (Stage.CLEARED, "wait_out"),
    (Stage.START_NOTIFIED, "notify_start"),
    (Stage.BUILDING, "report_start"),
    (Stage.ACCEPTING, "apply_acceptance"),
    (Stage.COMPLETED, "pass_acceptance"),
)

# Asked for some times in every step.
FILING = Read(Filing.objects.all, "pk")


@Asked
def last_round(filing):
    """The last round of the joint acceptance of a case."""
    return Acceptance.objects.filter(filing=filing).order_by("-round")[:1]


@Asked
def clauses_of(letter, department):
    """The clauses of a letter that a department checks, by its code."""
    return Clause.objects.filter(letter=letter, checked_by__code=department)


def pdf(name="材料.pdf"):
    """A tiny file that is a PDF by content and by name."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def png(name="扫描件.png"):
    """A tiny picture, for scans with signature and seal."""
    return SimpleUploadedFile(name, PNG, content_type="image/png")


def walk(people, start, *, to, answers=None, by=None, **project):
    """Walk a new filing from `start` (aware) to a stage; return the Walk, whose `filing` stands there at `now`."""
    way = Walk(people, start, answers=answers, by=by, **project)
    key = (way.enterprise.pk, start, repr(way.answers), repr(way.project))
    names = [stage for stage, _step in WAY]
    steps = dict(WAY)
    TRODDEN.walk(way, key, names[: names.index(to) + 1], lambda stage: getattr(way, steps[stage])())
    assert way.filing.stage == to
    return way


class Walk:
    """A filing on its way: `filing`, `now`, and after their steps `survey`, `meeting`, `notice`."""

    def __init__(self, people, start, *, answers=None, by=None, **project):
        self.people, self.now = people, start
        self.enterprise = by or people.enterprise
        self.answers = {**ANSWERS, **(answers or {})}
        self.project = {**PROJECT, **project}
        self.pk = self.survey = self.meeting = self.notice = None

    @property
    def filing(self):
        """The filing as it is now."""
        return FILING.get(self.pk)

    def to(self, stage):
        """Take the steps that still lie before a stage."""
        names = [name for name, _step in WAY]
        here = names.index(self.filing.stage) + 1 if self.pk else 0
        for _name, step in WAY[here : names.index(stage) + 1]:
            getattr(self, step)()
        assert self.filing.stage == stage
        return self

    # — time —————————————————————————————————————————————————————————————————————

    def minutes(self, count=5):
        """Let minutes pass; nothing is swept."""
        self.now += timedelta(minutes=count)
        return self.now

    def morning(self, days=1, hour=9, minute=0):
        """Go on to a working day after today, sweeping each day's midnight on the way."""
        day = calendar_at(self.now).add_working(timezone.localdate(self.now), days)
        return self.until(local(day, hour, minute))

    def until(self, instant):
        """Go on to an instant; the sweep comes by each day at 00:05, as the ticker would, and at the end."""
        day = timezone.localdate(self.now) + timedelta(days=1)
        while local(day, 0, 5) < instant:
            self.sweep(local(day, 0, 5))
            day += timedelta(days=1)
        self.now = instant
        self.sweep(instant)
        return self.now

    def past(self, due_at):
        """Go on to 09:00 of the first working day after a limit's end."""
        return self.until(local(calendar_at(self.now).next_working(last_day_of(due_at)), 9))

    def sweep(self, now=None):
        """One pass of the sweep, with the clock standing at its instant."""
        with clock.driven(now or self.now):
            return sweep(now or self.now)

    def do(self, verb, *args, by, **kwargs):
        """Call a service at `now`, with the clock standing there; a minute passes."""
        with clock.driven(self.now):
            done = verb(*args, by=by, at=self.now, **kwargs)
        self.minutes(1)
        return done

    # — stages 0 to 3 ————————————————————————————————————————————————————————————

    def draft(self):
        """The questionnaire and the project; not yet submitted."""
        filing = self.do(filings.open_draft, by=self.enterprise)
        self.pk = filing.pk
        self.do(filings.save_answers, filing, answers=self.answers, by=self.enterprise)
        start = timezone.localdate(self.now) + timedelta(days=90)
        fields = {
            "site": Region.objects.get(code="140722101"),
            "planned_start": start,
            "planned_completion": start + timedelta(days=300),
            **self.project,
        }
        self.do(filings.save_project, filing, by=self.enterprise, **fields)

    def submit(self):
        """申报, with the licence confirmed."""
        self.do(filings.submit, self.filing, by=self.enterprise)
        self.do(filings.confirm_licence, self.filing.enterprise, by=self.people.window)

    def serve(self):
        """适用, and the one list."""
        self.do(filings.decide_eligible, self.filing, by=self.people.window)
        self.do(filings.serve_checklist, self.filing, by=self.people.window)

    def upload(self, *, skip=()):
        """The enterprise hands in what is needed at filing, except what is named in `skip`."""
        uploads = [(m, pdf()) for m in self.filing.intake_open().exclude(name__in=skip)]
        if uploads:
            self.do(filings.upload_materials, self.filing, uploads=uploads, by=self.enterprise)
            self.minutes(len(uploads) - 1)

    def hand_in(self):
        """Sign for the list, upload everything, hand in."""
        if self.filing.acknowledged_at is None:
            self.do(filings.acknowledge_checklist, self.filing, by=self.enterprise)
        self.upload()
        self.do(filings.hand_in, self.filing, by=self.enterprise)

    def check_materials(self):
        """The window finds everything handed in to be fine."""
        if handed_in := self.filing.materials.filter(state=MaterialState.RECEIVED).count():
            self.do(filings.check_all_fine, self.filing, by=self.people.window)
            self.minutes(handed_in - 1)

    def accept(self, *, unsigned=()):
        """受理; the departments sign at once for the file they are sent, except those in `unsigned`."""
        self.check_materials()
        self.do(filings.accept, self.filing, by=self.people.window)
        self.sign_for_the_file(skip=unsigned)

    def sign_for_the_file(self, *, skip=()):
        """Every department signs for the file it was sent, except those in `skip`; no time passes."""
        for one in self.filing.dispatches.exclude(department__code__in=skip):
            clerk = self.people.department(one.department.code)
            with clock.driven(self.now):
                sessions.acknowledge_dispatch(one, by=clerk, at=self.now)

    # — stages 4 and 5 ———————————————————————————————————————————————————————————

    def call(self, kind):
        """Call a session with the least notice that is allowed, two working days."""
        opens = local(earliest_opening(kind, self.now), 9)
        return self.do(
            sessions.call_session, kind=kind, filings=[self.filing], opens_at=opens,
            place="政务大厅二楼会议室", by=self.people.convenor,
        )  # fmt: skip

    def call_survey(self):
        """召集联合勘察."""
        self.survey = self.call(SessionKind.SURVEY)

    def call_meeting(self):
        """召集联合预审会."""
        self.meeting = self.call(SessionKind.MEETING)

    def acknowledge(self, session, *, skip=()):
        """Every department signs for the summons, except those in `skip`."""
        for invitation in session.invitations.exclude(department__code__in=skip):
            clerk = self.people.department(invitation.department.code)
            self.do(sessions.acknowledge, invitation, by=clerk)

    def open(self, session, *, absent=()):
        """The session opens at its hour; who is not in `absent` signs in."""
        self.until(session.opens_at)
        self.do(sessions.open_session, session, by=self.people.convenor)
        for invitation in session.invitations.exclude(department__code__in=absent):
            clerk = self.people.department(invitation.department.code)
            self.do(sessions.check_in, invitation, by=clerk)

    def close(self, session):
        """Each item of the agenda is opened and closed, then the session."""
        for item in session.agenda.all():
            self.do(sessions.open_item, item, by=self.people.convenor)
            self.minutes(30)
            self.do(sessions.close_item, item, by=self.people.convenor)
        self.do(sessions.close_session, session, by=self.people.convenor)

    def opinions(self, session, *, silent=()):
        """Every department agrees on what is still asked of it; `silent` are department codes or item codes."""
        for slot in self.open_slots(session):
            names = {slot.department.code, slot.item.code if slot.item else ""}
            if not names & set(silent):
                clerk = self.people.department(slot.department.code)
                self.do(sessions.give_opinion, slot, position=Position.AGREE, by=clerk)

    def open_slots(self, session):
        """What is still asked in a session."""
        slots = self.filing.slots.unsettled().filter(agenda__session=session)
        return list(slots.select_related("department", "item"))

    def slot(self, department, item="", session=None):
        """The slot of a department on an item, by codes, in the present round."""
        found = self.filing.slots.filter(department__code=department, round=self.filing.round)
        found = found.filter(item__code=item) if item else found.filter(item=None)
        return found.filter(agenda__session=session).get() if session else found.get()

    def hold(self, session, *, absent=(), silent=()):
        """Sign for it, hold it, speak: the whole session."""
        self.acknowledge(session)
        self.open(session, absent=absent)
        self.close(session)
        self.opinions(session, silent=[*absent, *silent])

    def hold_survey(self):
        """勘察 with everyone there and nobody silent."""
        self.hold(self.survey)

    def conclude(self, conclusion=Conclusion.PASS, **decision):
        """预审结论."""
        self.do(
            sessions.conclude, self.meeting.agenda.get(filing=self.filing),
            decision=sessions.Decision(conclusion, **decision), by=self.people.convenor,
        )  # fmt: skip

    def hold_meeting(self):
        """预审会 with everyone there and nobody silent, passed the next morning."""
        self.call_meeting()
        self.hold(self.meeting)
        self.morning()
        self.conclude()

    # — stages 6 to 8 ————————————————————————————————————————————————————————————

    def sign(self):
        """The enterprise hands in the scan of the signed and sealed letter."""
        self.do(filings.sign_letter, self.filing, upload=png(), by=self.enterprise)

    def commit(self):
        """签署 and 核验."""
        self.sign()
        self.do(filings.verify_letter, self.filing, by=self.people.window)

    def publish(self):
        """承诺公示."""
        self.notice = self.do(publish_notice, self.filing, by=self.people.window)

    def wait_out(self):
        """The notice runs to its end and closes by itself."""
        self.past(self.notice.due_at)

    def approve(self, *, skip=()):
        """The departments issue what is still owed behind the gate, except the items in `skip`."""
        for item in self.filing.items.exclude(code__in=skip):
            if item.approval == Approval.OWED and item.keeps_gate_shut():
                clerk = self.people.department(item.department.code)
                self.do(
                    filings.record_approval, item, number=f"示例文〔{self.now.year}〕{item.pk}号",
                    issued_on=timezone.localdate(self.now), by=clerk,
                )  # fmt: skip

    def notify_start(self):
        """Everything owed is issued, and the window tells the enterprise to start."""
        self.approve()
        self.do(filings.notify_start, self.filing, by=self.people.window)

    # — stage 9 ——————————————————————————————————————————————————————————————————

    def report_start(self, **nodes):
        """开工报告, on the day of the notification; `nodes` are the promised days, and the works have no others."""
        self.do(
            works.report_start, self.filing, happened_on=timezone.localdate(self.now),
            text="基础开挖", nodes={**NO_NODES, **nodes}, by=self.enterprise,
        )  # fmt: skip

    def clauses(self, department):
        """The clauses of the present letter that a department checks, by its code."""
        return clauses_of(self.filing.letter().pk, department)

    def plan_check(self, department, **kwargs):
        """The department plans a check for today."""
        clerk = self.people.department(department)
        return self.do(
            works.plan_check, self.filing, department=clerk.organisation, by=clerk,
            **{"planned_on": timezone.localdate(self.now), **kwargs},
        )  # fmt: skip

    def hold_check(self, check, *, broken=None, **kwargs):
        """Two officers look at every clause; `broken` are numbers of clauses with what differs from BREACH."""
        department = check.department.code
        results = [
            works.Looked(c, Kept.BROKEN, breach=works.Breach(**{**BREACH, **broken[c.number]}))
            if c.number in (broken or {})
            else works.Looked(c, Kept.KEPT)
            for c in self.clauses(department)
        ]
        given = {"officers": OFFICERS, "results": results, "text": "现场查看", **kwargs}
        return self.do(works.hold_check, check, by=self.people.department(department), **given)

    def check(self, department, *, broken=None):
        """A check planned and held on the same day; returns it."""
        return self.hold_check(self.plan_check(department), broken=broken)

    def breach(self, department, **differs):
        """A check that finds the department's first clause broken; returns the finding."""
        number = self.clauses(department)[0].number
        return (
            self.check(department, broken={number: differs})
            .results.get(clause__number=number)
            .finding
        )

    def report_rectified(self, finding):
        """The enterprise says that it has mended what was found."""
        self.do(
            works.report_rectified, finding, text="已按要求改正", upload=png("整改后.png"),
            by=self.enterprise,
        )  # fmt: skip

    def recheck(self, finding, *, fine=True, **kwargs):
        """The department looks again."""
        clerk = self.people.department(finding.department.code)
        given = {"officers": OFFICERS, "text": "现场复查", "fine": fine, **kwargs}
        return self.do(works.recheck, finding, by=clerk, **given)

    # — stages 10 and 11 —————————————————————————————————————————————————————————

    def report_completion(self):
        """竣工报告, the works being done today."""
        self.do(
            works.report_completion, self.filing, happened_on=timezone.localdate(self.now),
            text="按承诺的规模和内容建成", by=self.enterprise,
        )  # fmt: skip

    def bring_acceptance_materials(self):
        """What is needed at the acceptance is handed in and found to be fine."""
        for material in self.filing.materials.wanted().filter(needed_by=NeededBy.ACCEPTANCE):
            self.do(filings.upload_material, material, upload=pdf(), by=self.enterprise)
            self.do(filings.check_material, material, fine=True, by=self.people.window)

    def apply_acceptance(self):
        """竣工报告, then 申请联合验收."""
        self.report_completion()
        self.bring_acceptance_materials()
        self.do(works.apply_acceptance, self.filing, text="工程已经建成", by=self.enterprise)

    @property
    def acceptance(self):
        """The last round of the joint acceptance."""
        return next(iter(last_round(self.pk)), None)

    def verdict(self, number):
        """A verdict of the present round, by the number of its clause or the code of its item."""
        found = self.acceptance.verdicts.select_related("department", "item", "clause")
        return next(verdict for verdict in found if verdict.number == number)

    def give(self, number, outcome=Verdict.PASSED, **words):
        """One verdict, by a clerk of its department."""
        verdict = self.verdict(number)
        clerk = self.people.department(verdict.department.code)
        return self.do(works.give_verdict, verdict, outcome=outcome, by=clerk, **words)

    def pass_all(self, *, skip=()):
        """Every department passes all that is still its to find, except the departments in `skip`."""
        waiting = self.acceptance.verdicts.filter(verdict=Verdict.AWAITED)
        codes = set(waiting.values_list("department__code", flat=True))
        for code in sorted(codes - set(skip)):
            self.do(works.pass_all, self.acceptance, by=self.people.department(code))

    def conclude_acceptance(self):
        """The lead concludes the round."""
        return self.do(works.conclude_acceptance, self.acceptance, by=self.people.department("ZJJ"))

    def pass_acceptance(self):
        """Every department passes everything, and the case is closed."""
        self.pass_all()
        self.conclude_acceptance()


def acts(book):
    """The acts of a book in their order, for a story to read."""
    return list(book.entries.order_by("sequence").values_list("act", flat=True))


def next_year(day: date) -> date:
    """The same day a year later."""
    return day.replace(year=day.year + 1)


def asked_for_disclosure(people, do):
    """A request for disclosure that the office works on, with a view it waits for; `do` is the walk's."""
    said = {"name": "张示例", "identity": "示例证件", "contact": "示例地址", "wanted": "示例信息"}
    made = do(
        register_disclosure, **said, applicant="person", form="paper", channel="counter", by=people.window
    )  # fmt: skip
    do(ask_view, made, kind="organ", whom="示例机关", text="示例", by=people.window)
    return made


def asked_to_be_public_again(objection, words, people, do):
    """Words of an objection that are withheld and that the window wants public: the enterprise is asked."""
    part = do(mark_part, objection, words=words, ground="N2", reason="示例", by=people.window)
    do(review_part, part, granted=True, by=people.supervisor)
    return do(ask_lifting, part, reason="示例", by=people.window)


def wrote_to_the_mailbox(people, do):
    """A letter that the construction bureau answers; `do` is the walk's."""
    kind = MailboxKind.objects.get(code="question")

    def write(*, by, at):  # by anybody; the walk's acts have their person
        return write_letter(kind=kind, text="示例来信", publish=True, at=at)

    made = do(write, by=people.supervisor)
    do(assign_letter, made, department=people.department("ZJJ").organisation, by=people.supervisor)
    return made
