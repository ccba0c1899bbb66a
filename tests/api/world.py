"""A county in which every kind of thing stands, so that every address of the API has something to name."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership, User
from approvals import services as filings
from approvals.models import Change, CorrectionCase
from approvals.stages import Stage
from core import clock
from core.documents.receiving import begin
from core.documents.sheets import Sheet, csv_pieces
from core.notify.models import Sending
from desk.queries.past import template
from desk.services.catalogue import open_catalogue_draft
from desk.services.past import load_past
from inspection import services as works
from inspection.services.pledges import announce_in_time
from prereview import services as sessions
from prereview.models import DayAway, Question
from public_notice.models import OpenMatter
from public_notice.services import (
    draft_bulletin,
    lodge_objection,
    mark_part,
    note_publication,
    propose,
)
from tests.inspection.drawing import drawn
from tests.walk import (
    asked_for_disclosure,
    asked_to_be_public_again,
    pdf,
    walk,
    wrote_to_the_mailbox,
)


class World:
    """Four filings of one enterprise; `now` is an instant at which all of them stand where they are."""

    def __init__(self, people, at):
        start = at("2018-03-05 09:00")
        self.built = built(
            people, at("2017-06-01 09:00")
        )  # long before: by then the others stand still
        self.draft = walk_draft(people, start)
        self.listed = walk(people, start, to=Stage.LISTED)
        material = self.listed.filing.materials.filter(tolerable=True, state="wanted").first()
        if material is not None:
            if self.listed.filing.acknowledged_at is None:
                self.listed.do(
                    filings.acknowledge_checklist, self.listed.filing, by=people.enterprise
                )
            self.listed.do(
                filings.promise_gap, material, signed=True, reason="正在办理", by=people.enterprise
            )
        self.noticed = walk(people, start, to=Stage.NOTICED)
        with clock.driven(self.noticed.now):
            self.objection = lodge_objection(
                self.noticed.notice,
                name="王示例",
                contact="13800000000",
                text="有异议",
                at=self.noticed.now,
            )
            asked_to_be_public_again(self.objection, "有异", people, self.noticed.do)
            mark_part(
                self.objection, words="异议", ground="N2", reason="示例", by=people.window,
                at=self.noticed.now,
            )  # fmt: skip
            propose(
                self.noticed.notice, kind="take_down", reason="示例", back_to="committing",
                by=people.window, at=self.noticed.now,
            )  # fmt: skip
        self.heard = walk(people, start, to=Stage.PREREVIEWING)
        self.heard.call_meeting()
        self.heard.hold(self.heard.meeting, silent=["ZJJ"])
        Change.objects.create(
            filing=self.heard.filing, text="示例修改", due_on=timezone.localdate(self.heard.now)
        )
        CorrectionCase.objects.create(
            filing=self.heard.filing, opened_at=self.heard.now, opened_by=people.convenor, subject="示例",
            text="示例", legal_basis="示例",
        )  # fmt: skip
        self.heard.do(
            filings.ask_later, self.heard.filing, name="示例补充材料", basis="示例依据", reason="示例理由",
            by=people.department("ZJJ"),
        )  # fmt: skip
        self._before_the_meeting(people)
        self.heard.do(
            sessions.ask_second_visit, self.heard.survey.agenda.get(), reason="示例理由",
            by=people.department("ZJJ"),
        )  # fmt: skip
        self._people_and_paper(people)
        self.heard.do(
            sessions.add_action, self.heard.meeting.agenda.get(), text="示例事项", due_on=self.heard.now.date(),
            owner=people.department("ZJJ").organisation, by=people.convenor,
        )  # fmt: skip
        self._inside_a_department(people)
        asked_for_disclosure(people, self.heard.do)
        wrote_to_the_mailbox(people, self.heard.do)
        self.bulletin = self.heard.do(draft_bulletin, period="2018-02", by=people.supervisor)
        self.heard.do(
            note_publication, matter=OpenMatter.objects.get(code="E3"), title="示例",
            arose_on=timezone.localdate(self.heard.now), by=people.administrator,
        )  # fmt: skip
        open_catalogue_draft(title="示例", by=people.administrator, at=self.heard.now)
        with clock.driven(self.heard.now):
            content = b"".join(csv_pieces(template_with("2017-1")))
            load_past(name="past.csv", content=content, by=people.administrator, at=self.heard.now)
        self.now = max(way.now for way in (self.listed, self.noticed, self.heard))
        Sending.objects.create(
            to=people.enterprise, way="mail", created_at=self.now, failed_at=self.now, error="550"
        )
        begin(name="图纸.pdf", size=1000, by=people.enterprise, at=self.now)

    def _before_the_meeting(self, people):
        """A question that a department asked, and a day on which it cannot come."""
        clerk = people.department("ZJJ")
        summons = self.heard.meeting.invitations.get(department=clerk.organisation)
        said = {"asked_by": clerk, "asked_at": self.heard.now}
        Question.objects.create(invitation=summons, text="示例问题", **said)
        DayAway.objects.create(
            department=clerk.organisation, day=self.heard.now.date() + timedelta(days=90),
            reason="示例", entered_by=clerk, entered_at=self.heard.now,
        )  # fmt: skip

    def _people_and_paper(self, people):
        """An agent of another organisation in one case, papers at the counter in another."""
        office = people.other_enterprise.organisation
        agent = Membership.objects.create(
            user=User.objects.create(username="agent", name="代办示例"), organisation=office,
            role=people.other_enterprise.role, valid_from=self.heard.now.date(),
        )  # fmt: skip
        day = self.heard.now.date()
        self.heard.do(
            filings.grant_authority, self.heard.filing, agent=agent, valid_from=day, valid_to=day,
            upload=pdf(), by=people.enterprise,
        )  # fmt: skip
        wanted = list(self.listed.filing.intake_open().values_list("pk", flat=True)[:1])
        self.listed.do(
            filings.enter_paper, self.listed.filing, paper_at=self.listed.now, bearer="李示例",
            materials=wanted, upload=pdf(), by=people.window,
        )  # fmt: skip

    def _inside_a_department(self, people):
        """Of one department: an entry of its roster, an absence and a recusal that are over, a part that was asked."""
        head, clerk = people.head("ZJJ"), people.department("ZJJ")
        way, day = self.heard, timezone.localdate(self.heard.now)
        way.do(
            sessions.grant_mandate, head.organisation, person=clerk, duties=("opine",), valid_from=day,
            valid_to=day, upload=pdf(), by=head,
        )  # fmt: skip
        way.do(sessions.draw_calendar_feed, by=clerk)
        away = way.do(
            sessions.enter_away, clerk, from_on=day, until_on=day, reason="示例", by=clerk
        )
        way.do(sessions.end_away, away, by=clerk)
        slot = way.filing.slots.unsettled().filter(department__code="ZJJ").first()
        out = way.do(sessions.declare_recusal, slot, reason="示例", successor=head, by=clerk)
        way.do(sessions.lift_recusal, out, reason="示例", by=head)
        way.do(
            sessions.ask_part,
            slot,
            unit="示例股",
            asked=clerk,
            question="示例",
            due_on=day,
            by=head,
        )


def template_with(number):
    """The template with its example under a number of its own."""
    made = template()
    (row,) = made.rows
    return Sheet(made.name, made.heads, [(2018, number, *row[2:10], None, None, None, *row[13:])])


def built(people, start):
    """A filing at its joint acceptance, with a check to be held and a finding that was mended."""
    way = walk(people, start, to=Stage.BUILDING)
    finding = way.breach("ZJJ")
    way.report_rectified(finding)
    way.recheck(finding)
    drawn(way, by=people.convenor)
    announce_in_time(way.now)
    way.apply_acceptance()
    way.plan_check("ZJJ")
    mark_and_repair(way, people)
    return way


def mark_and_repair(way, people):
    """A mark that the department proposed, registered, and an application that it be taken down."""
    said = works.Intention("credit", "deceit", "示例", "示例依据", severity="minor")
    mark = way.do(works.propose_measure, way.filing, intention=said, by=people.department("ZJJ"))
    way.do(works.give_views, mark, text="示例", by=people.enterprise)
    organ = works.OrganDecision("示例机关", "示例〔2017〕1号", timezone.localdate(way.now))
    way.do(
        works.decide_measure, mark, imposed=True, reasons="示例", organ=organ, by=people.convenor
    )
    way.do(works.apply_repair, mark, text="示例", promised=True, by=people.enterprise)


def walk_draft(people, start):
    """A draft with everything in it."""
    from tests.walk import Walk

    way = Walk(people, start)
    way.draft()
    return way
