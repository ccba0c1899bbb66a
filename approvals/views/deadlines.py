"""Limits as pages show them: the date, what is left, and what happens in silence."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing
from core import clock
from core.deadlines.models import Timed, Unit
from core.deadlines.queries import explain, left_in_words, light
from core.deadlines.rules import Silence
from core.steps.templatetags.look import deadline

# One sentence per consequence; 视为 and 视同 are legal words and never softened.
IN_SILENCE = {
    Silence.ESCALATES: gettext_lazy("未办理的，转效能监督督办。"),
    Silence.DEEMED_ACCEPTED: gettext_lazy("未决定的，视为受理。"),
    Silence.RETURNED: gettext_lazy("未补交的，退件，可以重新申报。"),
    Silence.SUSPENDED: gettext_lazy("未补齐的，中止办理。"),
    Silence.REMINDED: gettext_lazy("未签署的，催办一次，另给期限。"),
    Silence.LAPSED: gettext_lazy("仍未签署的，承诺程序失效，不计入信用记录。"),
}


def silence(limit: Timed | None, at: datetime | None = None) -> str:
    """Say until when, and what happens if nothing does; empty without a running limit."""
    if limit is None or not limit.running:
        return ""
    what = IN_SILENCE.get(limit.declared.silence, limit.declared.silence.label)
    if limit.due_at is None:
        return _("到期日待放假安排公布后确定；逾期%(what)s") % {"what": what}
    until = {"until": deadline(limit.due_at), "what": what}
    if limit.late(at or clock.now()):
        return _("期限已于%(until)s届满：%(what)s") % until
    return _("%(until)s前%(what)s") % until


def running(filing: Filing, *codes: str) -> list[Any]:
    """Return a filing's running limits of these rules, soonest first; uses prefetched rows where there are any."""
    found = [limit for limit in filing.limits.all() if limit.running and limit.rule in codes]
    return sorted(found, key=lambda limit: (limit.due_at is None, limit.due_at or limit.started_at))


def silences(filing: Filing, *codes: str) -> str:
    """Return the sentences of a filing's running limits of these rules."""
    return "".join(silence(limit) for limit in running(filing, *codes))


def card(limit: Timed, at: datetime) -> dict[str, Any]:
    """Return a limit for components/due.html, with its day table."""
    counted = _("第%(n)d个工作日") if limit.unit == Unit.WORKING_DAY else _("第%(n)d日")
    return {
        "label": limit.declared.name,
        "due_at": limit.due_at,
        "provisional": limit.provisional,
        "light": light(limit, at),
        "days_left_text": left_in_words(limit, at),
        "silence": silence(limit, at),
        "rows": explain(limit),
        "ordinal": counted % {"n": limit.length} if limit.length else "",
    }


def cards(filing: Filing, *codes: str) -> list[dict[str, Any]]:
    """Return a filing's running limits of these rules for the page."""
    at = clock.now()
    return [card(limit, at) for limit in running(filing, *codes)]
