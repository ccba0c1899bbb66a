"""The proof of what silence came to: everything from which a stranger recomputes it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.generic import View

from approvals.models import Filing
from core.deadlines.queries import explain, value_of
from core.steps.templatetags.look import deadline, moment
from prereview import rules
from prereview.models import Opinion, Slot
from prereview.services.default_notice import printed_limit
from prereview.stages import Answer, Channel, Position, SessionKind
from prereview.views.base import matrix_url, person
from prereview.views.words import summons_of, what


class ProofView(View):
    """The proof page of one outcome drawn from silence; whoever sees the case may check it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the proof; an opinion that was given has none and is not here."""
        by = person(request)
        found = Slot.objects.filter(filing__in=Filing.objects.visible_to(by)).exclude(opinion=None)
        found = found.exclude(opinion__proof={}).select_related(
            "filing__rulebook",
            "department",
            "item__item",
            "agenda__session",
            "calendar",
            "opinion__paper",
        )
        slot = get_object_or_404(found, pk=pk)
        rows, counted = counted_days(slot)
        return render(
            request,
            "prereview/proof.html",
            {
                "slot": slot,
                "opinion": slot.opinion,
                "what": what(slot),
                "back_url": matrix_url(slot.filing),
                "service": service(slot),
                "reckoning": reckoning(slot.opinion),
                "editions": editions(slot.opinion),
                "rows": rows,
                "counted": counted,
                "paper": slot.opinion.paper,
                "late": slot.late_opinions.select_related("given_by__user"),
            },
        )


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _fact(key: Any, value: Any, note: Any = "") -> dict[str, Any]:
    return {"key": key, "value": value, "note": note}


def service(slot: Slot) -> list[dict[str, Any]]:
    """Return what was served, how, who signed for it, and whether anybody came."""
    proof = slot.opinion.proof
    summons = summons_of([slot]).get((slot.agenda.session_id, slot.department_id))
    receiver = ""
    if summons is not None:
        signer = summons.acknowledged_by
        receiver = summons.received_by or (signer.user.name if signer else "")
    rows = [
        _fact(_("会次"), f"{slot.agenda.session.get_kind_display()} {slot.agenda.session.number}"),
        _fact(_("送达"), moment(_at(proof["served_at"])), Channel(proof["channel"]).label),
        _fact(_("签收"), moment(_at(proof["acknowledged_at"])), receiver),
        _fact(_("答复"), Answer(proof["answer"]).label),
        _fact(_("签到"), moment(_at(proof["checked_in_at"])) or _("没有签到")),
        _fact(_("离开"), moment(_at(proof["left_at"]))),
        _fact(_("议程结束"), moment(_at(proof["closed_at"]))),
    ]
    if slot.served_again_at:
        rows.append(_fact(_("重新送达"), moment(slot.served_again_at)))
    if summons is not None and summons.proof:
        rows.append(_fact(_("送达凭证"), summons.proof.name, summons.proof.sha256))
    return rows


def reckoning(opinion: Opinion) -> list[dict[str, Any]]:
    """Return from when to when the time ran, and when the outcome took effect and was written down."""
    proof = opinion.proof
    absence = opinion.position == Position.DEEMED_ABSENCE
    ends = moment(_at(proof["closed_at"])) if absence else deadline(_at(proof["due_at"]))
    red = _("是：转督办，不视同无异议") if proof["red_line"] else _("否")
    return [
        _fact(_("起算"), moment(_at(proof["started_at"]))),
        _fact(_("期限届满"), ends, _("缺席的，议程结束时届满") if absence else ""),
        _fact(_("生效"), deadline(opinion.effective_at)),
        _fact(_("记录"), moment(opinion.recorded_at), _("记录的早晚不影响生效时间")),
        _fact(_("红线事项"), red),
    ]


def editions(opinion: Opinion) -> list[dict[str, Any]]:
    """Return the editions the outcome was reckoned with."""
    names = {"calendar": _("工作日日历"), "rulebook": _("规则"), "catalogue": _("事项清单")}
    return [
        _fact(label, _("第%(n)s版") % {"n": opinion.proof[key]} if opinion.proof.get(key) else "")
        for key, label in names.items()
    ]


def counted_days(slot: Slot) -> tuple[list[Any], str]:
    """Return the day table the outcome rests on: the notice ahead for an absence, else the opinion limit."""
    if slot.opinion.position != Position.DEEMED_ABSENCE:
        return explain(slot), str(slot.declared.name)
    code = rules.SURVEY_NOTICE if slot.kind == SessionKind.SURVEY else rules.MEETING_NOTICE
    assert slot.filing.rulebook is not None  # pinned when it was submitted
    value = value_of(slot.filing.rulebook, code)
    served = _at(slot.opinion.proof["served_at"])
    if served is None:
        return [], value.name
    return explain(printed_limit(slot, served, value.number)), value.name
