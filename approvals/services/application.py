"""What filing comes to, however it came: the editions are pinned, the window learns of it, paper gets its receipt."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.models import Filing, PaperIntake
from approvals.queries import catalogue_at, preview
from approvals.services.barring import why_barred
from approvals.services.papers import application_receipt
from approvals.services.telling import tell_enterprise
from core.deadlines.queries import rulebook_at
from core.notify.services import tell
from core.notify.words import said as _


def pin_editions(filing: Filing, at: datetime) -> None:
    """Take the editions in force; a new edition that came since the answers were given may ask more. Not saved."""
    edition = catalogue_at(at)
    if filing.catalogue_id != edition.pk:
        filing.unanswered = [q.fact for q in preview(filing.answers, edition).unanswered]
    filing.catalogue, filing.rulebook = edition, rulebook_at(at)
    filing.save()


def barred(filing: Filing, at: datetime) -> list[str]:
    """Return why a matter that applies may not be applied for again yet (行政许可法 78, 79)."""
    applied = preview(filing.answers, filing.pinned_catalogue).items
    return why_barred(filing, [item.code for item in applied], at)


def tell_of_filing(filing: Filing, at: datetime) -> None:
    """Tell the window that a filing is with it."""
    tell(
        holders(Role.WINDOW, timezone.localdate(at)),
        _("新申报：%(project)s") % {"project": filing.project_name},
        about=f"submitted:{filing.pk}",
        at=at,
        link=f"/cases/{filing.public_id}/",
    )


def taken_as_filed(filing: Filing, intake: PaperIntake, *, by: Membership, at: datetime) -> Filing:
    """An application on paper was confirmed: filed as of its own time, with a receipt that says who entered it."""
    filing.submitted_at = intake.paper_at
    filing.save(update_fields=["submitted_at"])
    application_receipt(filing, paper=intake, by=by, at=at)
    tell_of_filing(filing, at)
    tell_enterprise(filing, _("窗口已收到纸质申报，收件回执已出具（补录）"), "received", at)
    return filing
