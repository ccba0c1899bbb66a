"""The rows of what was noticed, as open data has them: narrow columns alone, no notice is put together for them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from public_notice.models import Notice
from public_notice.queries import over
from public_notice.rules.gate import mask
from public_notice.stages import NoticeStage

Row = dict[str, Any]
# The key first: pages are read on by it.
COLUMNS = (
    "pk", "public_id", "title", "stage", "published_at", "starts_on", "ends_on", "due_at", "closed_at", "end_reason",
    "filing__stage", "filing__site__code", "filing__industry__section", "content__project", "content__enterprise",
    "content__letter_number", "content__gaps_text", "paper__number", "paper__issued_at", "paper__content__corrects",
    "paper__public",
)  # fmt: skip


def moment(at: datetime | None) -> str | None:
    """Return an instant as data: ISO 8601 in the county's zone, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def day_of(day: date | None) -> str | None:
    """Return a day as data, or None."""
    return day.isoformat() if day else None


def notice_things() -> QuerySet[Any]:
    """Return the columns of all notices."""
    return Notice.objects.values_list(*COLUMNS)


def published(
    project: Row, enterprise: Row, town: str | None, industry: str | None, public_id: str
) -> Row:
    """Return what a notice said of project and enterprise, as it was frozen behind the gate."""
    return {
        "project_code": project["code"],
        "project_name": project["name"],
        "enterprise": enterprise["name"],
        "uscc": enterprise["uscc"],
        "location": project["location"],
        "town": town,
        "industry": industry,
        "scale": project["scale"],
        "investment": project.get("investment_text", ""),
        "url": f"{settings.SITE_URL}/notices/{public_id}/",
    }


def corrected(corrects: Row | None, issued_at: datetime, public: bool) -> Row:
    """Return which paper a paper corrects, since when, and why; nothing in each where it corrects none.

    Why is said in the paper: where its words are withheld since, it is not told.
    """
    return {
        "corrects": corrects["number"] if corrects else None,
        "corrected_at": moment(issued_at) if corrects else None,
        "correction_reason": corrects["reason"] if corrects and public else None,
    }


def notice_rows(things: Iterable[Any], at: datetime) -> Iterator[Row]:
    """Yield notices; how one stands is told without the days that are left, which change while nothing happens."""
    runs = str(NoticeStage.RUNNING.label)
    for thing in things:
        (
            _key,
            public_id,
            title,
            stage,
            published_at,
            starts_on,
            ends_on,
            due_at,
            closed_at,
            reason,
            *about,
        ) = thing
        filing_stage, town, industry, project, enterprise, letter_number, gaps_text, *paper = about
        number, issued_at, corrects, public = paper
        late = due_at is not None and at > due_at
        ended = over(stage, filing_stage, late=late, gaps=bool(gaps_text))
        yield {
            "id": public_id,
            "title": title,
            **published(project, enterprise, town, industry, public_id),
            "letter_number": letter_number,
            "published_at": moment(published_at),
            "starts_on": day_of(starts_on),
            "ends_on": day_of(ends_on),
            "stage": stage,
            "standing": runs if ended is None else ended[0],
            "open": ended is None,
            "closed_at": moment(closed_at),
            "end_reason": mask(reason) if reason else "",
            "number": number,
            **corrected(corrects, issued_at, public),
        }
