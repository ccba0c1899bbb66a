"""The proof of what silence came to: everything from which a stranger recomputes it."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.policies import department, supervisor, window
from accounts.stages import Role
from approvals.models import Filing
from approvals.stages import Channel
from core.deadlines.models import CalendarEdition, Timed
from core.deadlines.queries import explain, value_of
from core.steps.templatetags.look import deadline_long, moment
from prereview import rules
from prereview.models import Opinion, Slot
from prereview.stages import Answer, Position, SessionKind
from prereview.views.base import matrix_url, person
from prereview.views.contests import steps_for
from prereview.views.records import contest_rows, fact, make_up_rows, withdrawal_rows
from prereview.views.words import what


class ProofView(View):
    """The record of one outcome drawn from silence, withdrawn or not; whoever sees the case may check it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the record; an opinion that was given has none and is not here."""
        by = person(request)
        found = Slot.objects.filter(filing__in=Filing.objects.visible_to(by)).select_related(
            "filing__rulebook", "filing__enterprise", "department", "item__item", "agenda__session", "calendar"
        )  # fmt: skip
        slot = get_object_or_404(found, pk=pk)
        drawn = slot.opinions.exclude(proof={}).select_related(
            "slot", "paper", "contest__paper", "make_up", "stands_in"
        )
        records = list(drawn.prefetch_related("withdrawals__paper").order_by("-pk"))
        opinion = _chosen(records, request.GET.get("default", ""))
        opinion.slot = slot
        rows, counted = counted_days(opinion)
        context = {
            "slot": slot,
            "opinion": opinion,
            "what": what(slot),
            "back_url": matrix_url(slot.filing),
            "service": service(opinion),
            "reckoning": reckoning(opinion),
            "editions": editions(opinion),
            "checked": checked(opinion),
            "after": _after(opinion),
            "rows": rows,
            "counted": counted,
            "paper": opinion.paper,
            "others": [one for one in records if one.pk != opinion.pk],
            "steps": steps_for(slot, by) if opinion.stands_in_id else [],
            "provable": _provable(slot, by),
            "late": slot.late_opinions.select_related("given_by__user"),
        }
        return render(request, "prereview/proof.html", context)


def _provable(slot: Slot, by: Any) -> bool:
    """Whether this reader may have a pack of evidence of it: the department itself, the enterprise, the office."""
    mine = department(None, by) and slot.department_id == by.organisation_id
    return mine or by.role == Role.ENTERPRISE or window(None, by) or supervisor(None, by)


def _chosen(records: list[Opinion], asked: str) -> Opinion:
    """Return the record that was asked for, else the one that stands or the last that did."""
    if not records:
        raise Http404
    chosen = [one for one in records if str(one.pk) == asked]
    standing = [one for one in records if one.stands_in_id]
    return (chosen or standing or records)[0]


def _after(opinion: Opinion) -> list[dict[str, Any]]:
    """Return what became of it: made up, contested, withdrawn."""
    return [
        *make_up_rows(getattr(opinion, "make_up", None)),
        *contest_rows(getattr(opinion, "contest", None)),
        *[row for one in opinion.withdrawals.all() for row in withdrawal_rows(one)],
    ]


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def service(opinion: Opinion) -> list[dict[str, Any]]:
    """Return what was served, how, who signed for it, and whether anybody came: from the frozen proof."""
    slot, proof = opinion.slot, opinion.proof
    receiver = proof.get("acknowledged_by") or ""
    rows = [
        fact(_("会次"), f"{slot.agenda.session.get_kind_display()} {slot.agenda.session.number}"),
        fact(_("送达"), moment(_at(proof["served_at"])), Channel(proof["channel"]).label),
        fact(_("签收"), moment(_at(proof["acknowledged_at"])), receiver),
        fact(_("答复"), Answer(proof["answer"]).label),
        fact(_("签到"), moment(_at(proof["checked_in_at"])) or _("没有签到")),
        fact(_("离开"), moment(_at(proof["left_at"]))),
        fact(_("议程结束"), moment(_at(proof["closed_at"]))),
    ]
    if proof.get("served_again_at"):
        rows.append(fact(_("重新送达"), moment(_at(proof["served_again_at"]))))
    if proof.get("service_file"):
        rows.append(fact(_("送达凭证"), proof["service_file"]))
    return rows + _dispatched(proof.get("dispatch"))


def _dispatched(sent: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return how the file itself was sent and signed for; nothing where it was not sent to be signed for."""
    if not sent:
        return []
    signed = moment(_at(sent["acknowledged_at"])) or _("没有签收")
    rows = [
        fact(_("分送"), moment(_at(sent["sent_at"])), _("系统送达")),
        fact(_("分送签收"), signed, sent["acknowledged_by"] or ""),
    ]
    rows += [
        fact(
            Channel(one["channel"]).label, moment(_at(one["moment"])),
            one["receiver"] if one["received"] else _("没有送到"),
        )
        for one in sent["attempts"]
        if one["channel"] != Channel.SYSTEM
    ]  # fmt: skip
    return rows


def reckoning(opinion: Opinion) -> list[dict[str, Any]]:
    """Return from when to when the time ran, and when the outcome took effect and was written down."""
    proof = opinion.proof
    absence = opinion.position == Position.DEEMED_ABSENCE
    ends = moment(_at(proof["closed_at"])) if absence else deadline_long(_at(proof["due_at"]))
    red = _("是：转督办，不视同无异议") if proof["red_line"] else _("否")
    return [
        fact(_("起算"), moment(_at(proof["started_at"]))),
        fact(_("期限届满"), ends, _("缺席的，议程结束时届满") if absence else ""),
        fact(_("生效"), deadline_long(opinion.effective_at)),
        fact(_("记录"), moment(opinion.recorded_at), _("记录的早晚不影响生效时间")),
        fact(_("红线事项"), red),
        fact(_("中止"), "；".join(str(x["text"]) for x in proof.get("suspensions", [])) or _("无")),
        fact(_("延期"), "；".join(str(x["text"]) for x in proof.get("extensions", [])) or _("无")),
    ]


# What would have stood against a default, in words.
CHECKS = {
    "marked": gettext_lazy("清单列明可以视同无异议"),
    "no_red_line": gettext_lazy("不是红线事项"),
    "service_proven": gettext_lazy("有送达凭证或者已到会"),
    "notice_kept": gettext_lazy("提前天数符合规定或者已到会"),
    "excuse_decided": gettext_lazy("没有待决定的请假"),
    "roll_stands": gettext_lazy("到会记录没有待决定或者已成立的异议"),
    "calendar_published": gettext_lazy("放假安排已公布"),
    "not_dismissed": gettext_lazy("召集人没有驳回"),
    "not_given": gettext_lazy("届满前没有收到意见"),
}


def checked(opinion: Opinion) -> list[dict[str, Any]]:
    """Return each exclusion that was checked, and what was found."""
    found = opinion.proof.get("exclusions", [])
    return [fact(CHECKS[one["check"]], _("是") if one["holds"] else _("否")) for one in found]


def editions(opinion: Opinion) -> list[dict[str, Any]]:
    """Return the editions the outcome was reckoned with."""
    names = {"calendar": _("工作日日历"), "rulebook": _("规则"), "catalogue": _("事项清单")}
    return [
        fact(label, _("第%(n)s版") % {"n": opinion.proof[key]} if opinion.proof.get(key) else "")
        for key, label in names.items()
    ]


def _limit_of(opinion: Opinion) -> Timed:
    """Return the run of the limit as it was frozen with the proof, unsaved: what is shown is counted from it anew."""
    proof, slot = opinion.proof, opinion.slot
    return Slot(
        pk=slot.pk, book_id=slot.book_id, rule=proof.get("rule", slot.rule), length=proof["length"],
        unit=proof["unit"], started_at=_at(proof["started_at"]),
        calendar=CalendarEdition.objects.filter(number=proof["calendar"]).first(),
        interrupted=bool(proof.get("suspensions") or proof.get("extensions")),
    )  # fmt: skip


def counted_days(opinion: Opinion) -> tuple[list[Any], str]:
    """Return the day table the outcome rests on: the notice ahead for an absence, else the opinion limit."""
    slot, limit = opinion.slot, _limit_of(opinion)
    if opinion.position != Position.DEEMED_ABSENCE:
        return explain(limit), str(limit.declared.name)
    code = rules.SURVEY_NOTICE if slot.kind == SessionKind.SURVEY else rules.MEETING_NOTICE
    assert slot.filing.rulebook is not None  # pinned when it was submitted
    value = value_of(slot.filing.rulebook, code)
    served = _at(opinion.proof["served_at"])
    if served is None:
        return [], value.name
    return explain(
        Slot(rule=limit.rule, started_at=served, length=value.number, calendar=limit.calendar)
    ), value.name
