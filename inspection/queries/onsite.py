"""What was entered on the works for a check, as pages, papers and programs ask for it."""

from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import Membership
from accounts.stages import Role
from core.documents.models import Attachment
from inspection.models import Check, CheckPhoto, CheckStatement


def photos_counted(check: Check) -> list[CheckPhoto]:
    """Return the photographs that stand on the record, in the order in which they were taken."""
    found = check.photos.filter(counted=True)  # type: ignore[attr-defined]
    return list(found.select_related("clause", "file"))


def statement_of(check: Check) -> CheckStatement | None:
    """Return what the enterprise's person said last, of what came in time; None where nothing was said."""
    found = check.statements.filter(counted=True)  # type: ignore[attr-defined]
    return found.select_related("signature").last()  # type: ignore[no-any-return]


def with_entries(found: Any, by: Membership) -> Any:
    """Add photographs and statements to checks as a person may read them: two queries, however many there are.

    The enterprise reads them once the check is held, as it opens the files (`withholds_site_file`).
    """
    photos = CheckPhoto.objects.select_related("clause", "file")
    statements = CheckStatement.objects.select_related("signature")
    if by.role == Role.ENTERPRISE:
        photos = photos.filter(visit__held_at__isnull=False)
        statements = statements.filter(visit__held_at__isnull=False)
    return found.prefetch_related(Prefetch("photos", photos), Prefetch("statements", statements))


def withholds_site_file(kept: Attachment, by: Membership) -> bool:
    """Whether a file came from a check that is not held yet, and this person does not know of it, or not all of it."""
    if by.role not in (Role.ENTERPRISE, Role.CLERK, Role.HEAD):
        return False
    waits = CheckPhoto.objects.filter(file=kept, visit__held_at=None)
    signs = CheckStatement.objects.filter(signature=kept, visit__held_at=None)
    own = Q(visit__department_id=by.organisation_id)
    return any(rows.exclude(own).exists() for rows in (waits, signs))
