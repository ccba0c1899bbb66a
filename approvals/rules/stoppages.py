"""What stands against stopping or lengthening a limit, each in a sentence; the law of it is in the rulebook."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.deadlines.rules import WITH_ITS_ACT, StopKind
from core.steps.templatetags.look import deadline_long

if TYPE_CHECKING:
    from core.deadlines.counting import Interruptions
    from core.deadlines.models import Timed


def _not_running(limit: "Timed", at: datetime) -> list[str]:
    if not limit.running:
        return [_("这个期限没有在计算。")]
    acted_on = limit.due_at is not None and limit.act_at is None  # its silence has been acted on
    if limit.late(at) or acted_on:
        until = {"until": deadline_long(limit.expires_at)}
        return [_("期限已于%(until)s届满：届满以后既不能中止，也不能延长。") % until]
    if limit.fixed:
        return [_("这个期限的起止日期已经公布，不能改动。")]
    return []


def why_not_stopped(limit: "Timed", at: datetime) -> list[str]:
    """Return what stands against stopping a limit at an instant, for whatever reason."""
    if found := _not_running(limit, at):
        return found
    if not limit.declared.stops:
        return [_("法律和县规则都没有规定“%(limit)s”可以中止。") % {"limit": limit.called}]
    return limit.why_not_stopped(at)


def why_not_by(limit: "Timed", kind: StopKind, found: "Interruptions") -> list[str]:
    """Return what stands against stopping a limit for one reason."""
    named = {"limit": limit.called, "why": kind.label}
    if kind not in limit.declared.stops:
        return [_("“%(why)s”不是中止“%(limit)s”的法定事由。") % named]
    if any(stop.kind == kind for stop in found.standing):
        return [_("“%(limit)s”已因“%(why)s”中止，不能再次中止。") % named]
    return []


def ends_by_hand(found: "Interruptions") -> list[StopKind]:
    """Return the reasons for which a limit stands and which a person may end; a stop order ends with its lifting."""
    standing = [StopKind(stop.kind) for stop in found.standing]
    return [kind for kind in standing if kind not in WITH_ITS_ACT]


def why_not_resumed(limit: "Timed", found: "Interruptions") -> list[str]:
    """Return what stands against letting a limit go on by hand."""
    if not limit.running:
        return [_("这个期限没有在计算。")]
    if not found.standing:
        return [_("这个期限没有中止，不需要恢复。")]
    if not ends_by_hand(found):
        return [_("这个期限因责令停工而停止计算：解除停工时自动恢复，不单独恢复。")]
    return []


def why_not_lengthened(
    limit: "Timed", at: datetime, found: "Interruptions", most: int, times: int = 1
) -> list[str]:
    """Return what stands against lengthening a limit at an instant.

    `most` is what law and county allow at a time, `times` how often they do.
    """
    if reasons := _not_running(limit, at):
        return reasons
    if not limit.extension_rule or most < 1:
        return [_("法律和县规则都没有规定“%(limit)s”可以延长。") % {"limit": limit.called}]
    had = len(found.extensions)
    if had < times:
        return []
    if times == 1:
        return [_("这个期限已经延长过一次，不能再次延长。")]
    said = {"had": had, "times": times, "basis": limit.declared.extensions}
    return [
        _("这个期限已经延长过%(had)d次：最多延长%(times)d次（县规则%(basis)s），不能再次延长。")
        % said
    ]
