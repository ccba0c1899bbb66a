"""失信认定 as the public reads it: what a competent organ decided, through its last day and not a second longer."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from approvals.rules.citing import in_words
from core.deadlines.queries import rulebook_at, value_of
from core.deadlines.services import local
from core.documents.sheets import Sheet
from inspection.models import Measure
from inspection.queries.measures import on_show
from public_notice import rules
from public_notice.queries.feeds import TextFeed
from public_notice.rules.gate import MARK, admit

MOST_SEARCHED = 100


def marks_shown(at: datetime) -> QuerySet[Measure]:
    """Return the marks that every outlet shows at an instant: none where the county shows none (P57)."""
    try:
        open_to_all = value_of(rulebook_at(at), rules.MARKS_PUBLIC).value == "yes"
    except KeyError:  # an edition from before the rule was known decided nothing
        open_to_all = False
    return on_show(at) if open_to_all else Measure.objects.none()


def found(rows: QuerySet[Measure], words: str) -> QuerySet[Measure]:
    """Narrow marks to those whose enterprise, its code, organ or number holds each of the words."""
    for word in words[:MOST_SEARCHED].split():
        rows = rows.filter(
            Q(filing__enterprise__name__icontains=word)
            | Q(filing__enterprise__uscc__iexact=word)
            | Q(filing__project_code__icontains=word)
            | Q(organ_number__icontains=word)
            | Q(organ__icontains=word)
        )
    return rows


def in_public(mark: Measure) -> dict[str, Any]:
    """Return what the public reads of a mark: through the one gate, and no word of what the enterprise said."""
    said = {
        "enterprise": {"name": mark.filing.enterprise.label, "uscc": mark.filing.enterprise.uscc},
        "project": {"name": mark.filing.project_name, "code": mark.filing.project_code},
        "grade": mark.get_severity_display(),
        "ground": in_words(mark.get_ground_display()),
        "organ": mark.organ,
        "number": mark.organ_number,
    }
    assert mark.shown_until is not None  # what is not published is not on show
    return {**admit(said, MARK), "decided_on": mark.organ_decided_on, "until": mark.shown_until}


def sheet_of_shown(rows: Iterable[Measure]) -> Sheet:
    """Return the marks on show as a table: the page's columns."""
    heads = (
        _("建设单位"), _("统一社会信用代码"), _("项目"), _("项目代码"), _("程度"), _("事由"), _("认定机关"),
        _("认定文书文号"), _("认定文书日期"), _("公示至"),
    )  # fmt: skip
    return Sheet(_("失信认定公示"), heads, _cells(rows))


def _cells(rows: Iterable[Measure]) -> Iterator[Sequence[Any]]:
    for mark in rows:
        said = in_public(mark)
        yield (
            said["enterprise"]["name"], said["enterprise"]["uscc"], said["project"]["name"], said["project"]["code"],
            said["grade"], said["ground"], said["organ"], said["number"], said["decided_on"], said["until"],
        )  # fmt: skip


def feed_of(rows: Iterable[Measure]) -> str:
    """Return the marks on show as an Atom feed; a reader that follows it loses an entry with its last day."""
    address = f"{settings.SITE_URL}/credit/"
    feed = TextFeed(_("失信认定公示"), address, "", feed_url=f"{address}feed/", language="zh-hans")
    for mark in rows:
        said = in_public(mark)
        feed.add_item(
            f"{said['enterprise']['name']} · {said['grade']}",
            f"{address}?q={said['enterprise']['uscc']}",
            _("%(organ)s %(number)s，公示至%(until)s。") % said,
            unique_id=f"{address}#{mark.pk}",
            updateddate=local(said["decided_on"], 0),
        )
    return str(feed.writeString("utf-8"))
