"""What waits for a person of measures: to speak, to decide, to answer a stop, to decide a repair, to push."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.queries.measures import measures_url
from desk.queries.work.rows import Row, Seen, dated
from inspection.models import Measure, Repair
from inspection.queries.measures import open_repairs, stops_to_answer, to_speak_on, undecided
from inspection.stages import MeasureState
from public_notice.models import LiftingView
from public_notice.stages import InquiryResult


def _rows(
    found: Iterable[Measure | Repair], what: str, seen: Seen, *, dates: bool = True
) -> Iterator[Row]:
    for thing in found:
        filing = thing.filing
        said = {"kind": getattr(thing, "get_kind_display", str)() if isinstance(thing, Measure) else ""}  # fmt: skip
        row = Row(
            what % said, measures_url(filing), f"{filing} · {filing.enterprise}",
            thing.get_state_display(),
        )  # fmt: skip
        yield dated(row, thing, seen) if dates and thing.running else row


def _at_once(found: Iterable[Measure], seen: Seen) -> Iterator[Row]:
    """Yield stops that wait for nobody's word: they are decided now, and stand before everything with a date."""
    for row, measure in zip(
        _rows(found, _("决定处理：%(kind)s"), seen, dates=False), found, strict=True
    ):
        row.due_at, row.due = measure.proposed_at, {"light": "red", "text": _("立即决定")}
        row.silence = _("危及安全的停工不等陈述、申辩：企业在停工以后陈述、申辩。")
        yield row


def views_to_give(seen: Seen) -> Iterator[Row]:
    """Yield what an enterprise may still speak on."""
    mine = to_speak_on().filter(filing__in=seen.cases())
    yield from _rows(mine, _("陈述、申辩：%(kind)s"), seen)


def liftings_to_speak_on(seen: Seen) -> Iterator[Row]:
    """Yield where an enterprise may still say whether words of its case may be public again."""
    asked = LiftingView.objects.filter(
        filing__in=seen.cases(), result=InquiryResult.OPEN
    ).select_related("filing__enterprise", "calendar")
    for view in asked.order_by("due_at", "pk"):
        url = reverse("public_notice:lifting_view", args=[view.pk])
        case = view.filing
        yield dated(Row(_("说明是否同意恢复公开"), url, f"{case} · {case.enterprise}"), view, seen)


def measures_to_decide(seen: Seen) -> Iterator[Row]:
    """Yield what waits for the convenor: measures that were heard, urgent stops, stops asked to be lifted, repairs."""
    open_ones = undecided().exclude(proposed_by__user_id=seen.by.user_id)
    urgent = [m for m in open_ones if m.urgent and m.state == MeasureState.INTENDED]
    heard = [m for m in open_ones if m.state == MeasureState.HEARD or m.late(seen.at)]
    yield from _at_once(urgent, seen)
    yield from _rows([m for m in heard if m not in urgent], _("决定处理：%(kind)s"), seen)
    yield from _rows(stops_to_answer(), _("答复或者解除：%(kind)s"), seen)
    yield from _rows(open_repairs(), _("决定信用修复"), seen)


def repairs_to_decide(seen: Seen) -> Iterator[Row]:
    """Yield the repairs of marks that a department proposed."""
    mine = open_repairs().filter(measure__proposed_by__organisation_id=seen.by.organisation_id)
    yield from _rows(mine, _("决定信用修复"), seen)


def overdue(seen: Seen) -> Iterator[Row]:
    """Yield what the supervisor must push: decisions and repairs whose limit has passed."""
    late = Measure.objects.filter(escalated_at__isnull=False, ended_at=None)
    yield from _rows(
        late.select_related("filing__enterprise"), _("逾期：决定处理（%(kind)s）"), seen
    )
    yield from _rows(
        open_repairs().filter(escalated_at__isnull=False), _("逾期：信用修复决定"), seen
    )


ENTERPRISE = (views_to_give, liftings_to_speak_on)
CONVENOR = (measures_to_decide,)
DEPARTMENT = (repairs_to_decide,)
SUPERVISOR = (overdue,)
