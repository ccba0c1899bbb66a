"""What is to be published: of one's own office until when, and for the supervisor what is overdue."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.queries.work.rows import Row, Seen, dated
from public_notice.queries.openness import publications


def own_publications(seen: Seen) -> Iterator[Row]:
    """Yield what a person's own office still has to publish."""
    yield from _rows(seen, publications().filter(department=seen.by.organisation_id))


def overdue_publications(seen: Seen) -> Iterator[Row]:
    """Yield what any office should have published by now, and what one's own has to."""
    yield from own_publications(seen)
    others = publications().exclude(department=seen.by.organisation_id)
    yield from _rows(seen, others.filter(due_at__lt=seen.at))


def _rows(seen: Seen, found: object) -> Iterator[Row]:
    for one in found.filter(ended_at=None).order_by("due_at", "pk"):  # type: ignore[attr-defined]
        row = Row(
            _("公开：%(title)s") % {"title": one.title},
            reverse("public_notice:openness_check"),
            f"{one.matter.label} · {one.department.label}",
        )
        yield dated(row, one, seen)


DEPARTMENT = (own_publications,)
SUPERVISOR = (overdue_publications,)
