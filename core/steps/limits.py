"""A limit as a page shows it: date, light, what is left, the day table, and what happens in silence."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.deadlines.calendar import Calendar
from core.deadlines.counting import budget, interruptions
from core.deadlines.models import Timed, Unit
from core.deadlines.queries import explain, left_in_words, light
from core.deadlines.rules import Silence
from core.steps.templatetags.look import deadline

# One sentence per consequence; 视为 and 视同 are legal words and never softened.
IN_SILENCE = {
    Silence.ESCALATES: gettext_lazy("未办理的，转效能监督督办。"),
    Silence.DEEMED_ACCEPTED: gettext_lazy("未决定的，视为受理。"),
    Silence.NO_OBJECTION: gettext_lazy("未提出意见的，视同无异议，程序继续；应办的审批仍须办理。"),
    Silence.NO_OPINION: gettext_lazy(
        "未提出意见的，转效能监督督办，不视为同意；应办的审批仍须办理。"
    ),
    Silence.SECOND_CHANNEL: gettext_lazy("未签收的，改用第二种方式送达。"),
    Silence.RETURNED: gettext_lazy("未补交的，退件，可以重新申报。"),
    Silence.SUSPENDED: gettext_lazy("未补齐的，中止办理。"),
    Silence.REMINDED: gettext_lazy("未签署的，催办一次，另给期限。"),
    Silence.LAPSED: gettext_lazy("仍未办理的，承诺程序失效，不计入信用记录。"),
    Silence.UNHEARD: gettext_lazy("未陈述、申辩的，视为放弃，可以作出决定。"),
    Silence.CLOSES: gettext_lazy("没有异议的，公示自行结束。"),
    Silence.OFFICE_DECIDES: gettext_lazy("未提出意见的，由行政机关决定是否公开，不视为同意。"),
    Silence.AGREES_TO_DISCLOSE: gettext_lazy("未提出意见的，视为同意公开。"),
    Silence.ENDS_UNSAID: gettext_lazy("没有评价的，来信办结，不算满意也不算不满意。"),
    Silence.ABANDONED: gettext_lazy("未补正的，视为放弃申请，不再处理。"),
}


def silence(limit: Timed | None, at: datetime) -> str:
    """Say until when, and what happens if nothing does; empty without a running limit."""
    if limit is None or not limit.running:
        return ""
    what = limit.in_silence or IN_SILENCE[limit.silence]
    if limit.suspended:
        return _("期限中止，恢复后接着计算；期满%(what)s") % {"what": what}
    if limit.due_at is None:
        return _("到期日待放假安排公布后确定；逾期%(what)s") % {"what": what}
    until = {"until": deadline(limit.due_at), "what": what}
    if limit.late(at):
        return _("期限已于%(until)s届满：%(what)s") % until
    return _("%(until)s前%(what)s") % until


def _ordinal(limit: Timed) -> str:
    """Return which day of its count the end of a limit is; months end on the corresponding day and have no count."""
    counted = {
        Unit.WORKING_DAY: _("第%(n)d个工作日"), Unit.NATURAL_DAY: _("第%(n)d日"), Unit.MONTH: _("满%(n)d个月")
    }  # fmt: skip
    return counted[Unit(limit.unit)] % {"n": budget(limit)}


def card(
    limit: Timed, at: datetime, calendar: Calendar | None = None, *, table: bool = True
) -> dict[str, Any]:
    """Return a limit for components/due.html; `calendar` spares a list the look-up, `table` adds the day table."""
    if table:
        interruptions(limit)  # read once: the words and the table say why
    return {
        "label": str(limit.called),
        "due_at": limit.due_at,
        "provisional": limit.provisional,
        "suspended": limit.suspended,
        "light": light(limit, at, calendar),
        "days_left_text": left_in_words(limit, at, calendar) if limit.running else "",
        "done_text": "" if limit.running else _("已办结"),
        "silence": silence(limit, at),
        "rows": explain(limit, timezone.localdate(at)) if table and limit.running else [],
        "ordinal": _ordinal(limit) if limit.length else "",
    }
