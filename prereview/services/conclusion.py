"""The conclusion of a pre-review for one filing, and the minutes it rests on."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership
from approvals.models import Change, Filing, StageLimit
from approvals.rules.limits import MEETING
from approvals.services import offer_letter, tell_enterprise
from approvals.services.leaving import paper_head, remedies, rules_of
from approvals.stages import GAP_OVER, Stage
from core.deadlines.services import end, start
from core.ledger.services import lock, record
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.papers import in_chinese, issue
from core.steps.reasons import NotNow, require
from prereview import policies, rules
from prereview.models import AgendaItem, Opinion, Slot
from prereview.services.minutes import Decision, changes_wanted, minutes_of
from prereview.stages import Conclusion, Position


def _check(agenda: AgendaItem, decision: Decision) -> None:
    """Refuse a conclusion that its opinions do not bear."""
    against = Slot.objects.filter(agenda=agenda, opinion__position=Position.DISAGREE)
    passes = decision.conclusion in (Conclusion.PASS, Conclusion.CHANGES)
    if passes and against.filter(opinion__red_line=True).exists():
        raise ValidationError(
            {"conclusion": _("红线事项有部门不同意，不能通过：请选择“再次上会”或“不通过”。")}
        )
    if passes and against.exists() and not decision.reasons.strip():
        raise ValidationError({"reasons": _("有部门不同意而通过的，须书面说明理由并送该部门。")})
    if decision.conclusion == Conclusion.CHANGES and not (
        decision.changes and decision.changes_due
    ):
        raise ValidationError({"changes": _("修改后通过须列明修改内容和完成期限。")})
    changes_wanted(agenda.filing, decision)
    if decision.conclusion in (Conclusion.AGAIN, Conclusion.FAIL) and not decision.reasons.strip():
        raise ValidationError({"reasons": _("再次上会或不通过须写明理由。")})


CONCLUDES = (
    policies.is_a_meeting, policies.item_is_closed, policies.not_concluded, policies.opinions_are_settled,
    policies.conflicts_are_settled,
)  # fmt: skip


def held(agenda: AgendaItem) -> AgendaItem:
    """Lock the books of an item, the session's first, and return the item as it now is."""
    locked(agenda.session)
    found = AgendaItem.objects.select_related(
        "session__convenor__user", "session__recorder__user", "filing__rulebook"
    )
    agenda = found.get(pk=agenda.pk)
    lock(agenda.filing.book_id)
    return agenda


@transaction.atomic
def conclude(agenda: AgendaItem, *, decision: Decision, by: Membership, at: datetime) -> AgendaItem:
    """预审结论: when every opinion is settled; the minutes are the paper, and the filing moves on them.

    Where the session has a recorder it is two persons' word: `reading.py`.
    """
    agenda = held(agenda)
    permit(agenda, policies.convenor, by=by, at=at)
    require(agenda, policies.has_no_recorder)
    may_stand(agenda, decision)
    return concluded(agenda, decision, by=by, at=at, read_at=at)


def may_stand(agenda: AgendaItem, decision: Decision) -> None:
    """Refuse a conclusion that cannot be drawn now, or that its opinions do not bear."""
    require(agenda, *CONCLUDES)
    filing = Filing.objects.get(pk=agenda.filing_id)
    if filing.stage != Stage.PREREVIEWING:  # taken back in the meantime: nothing is concluded
        raise NotNow([filing.wrong_stage("pass_prereview")])
    _check(agenda, decision)


def content_of(
    agenda: AgendaItem, decision: Decision, at: datetime, by: Membership
) -> dict[str, Any]:
    """Put a conclusion into an item, not yet written, and return what the minutes then say."""
    agenda.conclusion, agenda.reasons = decision.conclusion, decision.reasons
    if decision.conclusion in (Conclusion.PASS, Conclusion.CHANGES):
        agenda.with_gaps = agenda.filing.gaps.exclude(state__in=GAP_OVER).count()
    return minutes_of(agenda, decision, at, by)


def concluded(
    agenda: AgendaItem,
    decision: Decision,
    *,
    by: Membership,
    at: datetime,
    read_at: datetime,
    **evidence: Any,
) -> AgendaItem:
    """Conclude, once it may stand: paper, conditions, changes and the filing's next stage in one transaction.

    The paper says what the minutes said at `read_at`.
    """
    act(
        agenda, "conclude", policy=policies.convenor, by=by, at=at, filing=agenda.filing.number,
        conclusion=decision.conclusion, reasons=decision.reasons, **evidence,
    )  # fmt: skip
    content = content_of(agenda, decision, read_at, by)
    agenda.minutes = issue("minutes", content, book=agenda.filing.book, kind="DOC13", by=by, at=at)
    agenda.concluded_at = at
    agenda.save()
    _move_on(agenda, decision, by=by, at=at)
    return agenda


def _move_on(agenda: AgendaItem, decision: Decision, *, by: Membership, at: datetime) -> None:
    filing = agenda.filing
    minutes = agenda.minutes
    if decision.conclusion == Conclusion.FAIL:
        filing = move(filing.fail_prereview, by=by, at=at, minutes=minutes, reason=decision.reasons)  # type: ignore[assignment]
        _not_passed(agenda, decision, by=by, at=at)
    elif decision.conclusion == Conclusion.AGAIN:
        fresh = Filing.objects.get(pk=filing.pk)
        fresh.round += 1
        fresh.save()
        for limit in fresh.limits.filter(rule=rules.MINUTES.code, ended_at=None):
            end(limit, at=at)
        again = StageLimit(filing=fresh, book=fresh.book)
        start(again, MEETING, at=at, rulebook=fresh.rulebook)
        record(
            filing.book, "review_again", by=by, at=at, round=fresh.round, reasons=decision.reasons
        )
    else:
        if decision.changes_due is not None and decision.conclusion == Conclusion.CHANGES:
            wanted, due_on = changes_wanted(filing, decision), decision.changes_due
            Change.objects.bulk_create(
                [
                    Change(filing=filing, item=item, text=text, due_on=due_on)
                    for item, text in wanted
                ]
            )
        filing = move(filing.pass_prereview, by=by, at=at, minutes=minutes)  # type: ignore[assignment]
        filing.concluded_at = at
        filing.save()
        offer_letter(filing, conditions=_conditions(agenda), by=by, at=at)
    said = _("联合预审结论：%(what)s") % {"what": Conclusion(decision.conclusion).label}
    if agenda.with_gaps:
        said = _("联合预审结论：容缺%(what)s（尚缺%(n)d件材料）") % {
            "what": Conclusion(decision.conclusion).label,
            "n": agenda.with_gaps,
        }
    tell_enterprise(filing, said, "concluded", at)


@in_chinese
def _not_passed(agenda: AgendaItem, decision: Decision, *, by: Membership, at: datetime) -> None:
    """预审不通过告知书 (DOC45), beside the minutes: the enterprise gets the reasons and the ways that are open."""
    filing, minutes = agenda.filing, agenda.minutes
    content = {
        **paper_head(filing, at),
        "reason": decision.reasons,
        "minutes_number": minutes.number if minutes else "—",
        "basis": rules_of(filing),
        "effects": [
            "本申报件自本告知书作出之日起终结，不计入信用记录。",
            "预审不通过不是不予行政许可的决定。",
        ],
        "next": [
            "按上列理由修改后可以重新申报；也可以就各事项按一般程序申请审批。",
        ],
        "remedies": remedies(filing),
    }
    issue("not_passed", content, book=filing.book, kind="DOC45", by=by, at=at)


def _conditions(agenda: AgendaItem) -> list[dict[str, Any]]:
    """Return the conditions of the opinions, each to become a clause of the letter."""
    found = []
    given = Opinion.objects.filter(stands_in__agenda=agenda, position=Position.CONDITIONS)
    for opinion in given.select_related("slot__item__item", "slot__item__department"):
        if opinion.slot.item is None:
            continue
        item, clause = opinion.slot.item, opinion.clause
        found += [{"item": item, "text": text, "clause": clause} for text in opinion.conditions]
    return found
