"""The services, by the names of the reference's steps, on one slot of a called meeting; and what came of them."""

from approvals import services as filings
from approvals.stages import Channel
from core import clock
from core.deadlines.services import sweep
from core.documents.models import Paper
from core.steps.reasons import NotNow
from prereview import services
from prereview.models import MakeUp, Slot
from prereview.queries import grounds_at
from prereview.rules.outcome import (
    DISMISSED,
    EXCUSE_OPEN,
    NO_CALENDAR,
    NO_PROOF,
    SHORT_NOTICE,
    verdict,
)
from prereview.services.facts import facts_of
from prereview.stages import Position
from tests.prereview.reference import Standing
from tests.walk import pdf

WHY = {
    str(why): word
    for why, word in [
        (DISMISSED, "dismissed"), (EXCUSE_OPEN, "excuse open"), (NO_CALENDAR, "no calendar"),
        (NO_PROOF, "no proof"), (SHORT_NOTICE, "short notice"),
    ]
}  # fmt: skip


class Acts:
    """The services, by the names of the reference's steps, on one slot of a called meeting."""

    def __init__(self, people, slot):
        self.slot, self.agenda, self.session = slot, slot.agenda, slot.agenda.session
        self.summons = slot.invitation
        self.clerk = people.department(slot.department.code)
        self.head = people.head(slot.department.code)
        self.convenor, self.window = people.convenor, people.window

    def play(self, step):
        """Do a step with the clock standing there; return whether it was done."""
        with clock.driven(step.at):
            try:
                getattr(self, step.deed)(step.at)
            except NotNow:
                return False
        return True

    def sweep(self, at):
        sweep(at)

    def sign(self, at):
        services.acknowledge(self.summons, by=self.clerk, at=at)

    def serve_paper(self, at):
        services.serve_by_second_channel(
            self.summons,
            channel=Channel.PAPER,
            received_by="收件示例",
            upload=pdf(),
            by=self.window,
            at=at,
        )

    def say_coming(self, at):
        services.answer_coming(self.summons, representative="代表示例", by=self.clerk, at=at)

    def lodge(self, at):
        services.lodge_excuse(
            self.summons, ground=grounds_at(at)[0].name, text="开会", by=self.head, at=at
        )

    def grant(self, at):
        services.decide_excuse(self.summons, granted=True, reason="准", by=self.convenor, at=at)

    def refuse(self, at):
        services.decide_excuse(self.summons, granted=False, reason="不准", by=self.convenor, at=at)

    def open(self, at):
        services.open_session(self.session, by=self.convenor, at=at)

    def come(self, at):
        services.check_in(self.summons, by=self.clerk, at=at)

    def leave(self, at):
        services.leave(self.summons, by=self.clerk, at=at)

    def close(self, at):
        services.close_item(self.agenda, by=self.convenor, at=at)

    def end(self, at):
        services.close_session(self.session, by=self.convenor, at=at)

    def agree(self, at):
        services.give_opinion(self.slot, position=Position.AGREE, by=self.clerk, at=at)

    def claim(self, at):
        services.give_opinion(
            self.slot, position=Position.NOT_OURS, reason="无此职责", by=self.clerk, at=at
        )

    def accept_claim(self, at):
        services.decide_not_ours(self.slot, accepted=True, reason="属实", by=self.convenor, at=at)

    def deny_claim(self, at):
        services.decide_not_ours(
            self.slot, accepted=False, reason="有职责", by=self.convenor, at=at
        )

    def come_late(self, at):
        services.give_late_opinion(
            self.slot,
            position=Position.DISAGREE,
            reason="理由",
            clause="条款",
            by=self.clerk,
            at=at,
        )

    def confirm(self, at):
        services.confirm_default(self.slot, by=self.convenor, at=at)

    def dismiss(self, at):
        services.dismiss_default(self.slot, reason="已电话答复", by=self.convenor, at=at)

    def serve_again(self, at):
        services.serve_slot_again(self.slot, by=self.convenor, at=at)

    def stop(self, at):
        self._stop("expert_review", at)

    def stop_for_hearing(self, at):
        self._stop("hearing", at)

    def resume(self, at):
        self._resume("expert_review", at)

    def resume_after_hearing(self, at):
        self._resume("hearing", at)

    def _stop(self, kind, at):
        filings.suspend_limit(
            self.slot, kind=kind, reason="示例", expected_days=3, paper_number="示例函1号", by=self.convenor, at=at,
        )  # fmt: skip

    def _resume(self, kind, at):
        filings.resume_limit(self.slot, kind=kind, reason="示例", by=self.convenor, at=at)

    # — what came of it ——————————————————————————————————————————————————————————

    def fresh(self):
        return Slot.objects.select_related(
            "agenda__session", "filing__rulebook", "filing__catalogue", "department", "item__item"
        ).get(pk=self.slot.pk)

    def written(self):
        """Where the slot stands by its rows."""
        slot = Slot.objects.select_related("opinion").get(pk=self.slot.pk)
        if slot.state != "settled":
            return Standing(slot.state, why=WHY.get(slot.held_because, slot.held_because))
        return Standing(slot.state, slot.opinion.position, slot.opinion.effective_at)

    def reckoned(self, *instants):
        """Where the slot stands at some instants by the pure function, without any sweep."""
        slot = self.fresh()
        if slot.state == "settled":
            return [self.written()] * len(instants)
        found = [verdict(facts_of(slot, now), now) for now in instants]
        return [
            Standing(one.state, one.position, one.effective_at, WHY.get(str(one.why), str(one.why)))
            for one in found
        ]

    def papers(self):
        """How many notices of a default the department got, and how many duties to make up."""
        book, name = self.slot.book_id, self.slot.department.name
        told = Paper.objects.filter(
            book=book, kind__in=("DOC14", "DOC15"), content__department=name
        )
        return told.count(), MakeUp.objects.filter(slot=self.slot).count()
