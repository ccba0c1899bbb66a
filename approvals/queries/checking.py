"""What this desk knows of papers that are checked: letters that were replaced, and how the enterprise signed one."""

from django.utils.translation import gettext as _

from approvals.models import Letter
from core.documents.models import Paper
from core.steps.checking import SignedHow, Standing
from core.steps.stages import Method

# Papers of an enterprise, which no office seals.
THEIRS = ("commitment_letter", "tolerance_promise")


def standing_of_letter(paper: Paper) -> Standing | None:
    """Say of a letter that a newer one has taken its place; None of every other paper."""
    if paper.template != THEIRS[0]:
        return None
    replaced = Letter.objects.filter(paper=paper).exclude(withdrawn_at=None).first()
    if replaced is None:
        return None
    newer = Letter.objects.filter(filing=replaced.filing_id, version__gt=replaced.version)
    after = newer.select_related("paper").order_by("version").first()
    return Standing(
        False,
        _("已被新的承诺书替代，不再有效"),
        replaced.withdrawn_at,
        after.paper if after else None,
    )


def signed_letter(paper: Paper) -> SignedHow | None:
    """Say of a letter that its sealed scan was compared by the window: before that nobody calls it signed."""
    if paper.template != THEIRS[0]:
        return None
    found = Letter.objects.filter(paper=paper).exclude(verified_at=None).exclude(scan=None)
    letter = found.select_related("scan", "verified_by__organisation").first()
    if letter is None or letter.scan is None or letter.verified_by is None:
        return None
    who = letter.verified_by.organisation.label
    return SignedHow(Method.SCAN, who, letter.verified_at, letter.scan.sha256)  # type: ignore[arg-type]


def letter_scanned(sha256: str) -> Paper | None:
    """Return the letter whose compared scan has a digest."""
    found = Letter.objects.filter(scan__sha256=sha256).exclude(verified_at=None)
    letter = found.select_related("paper").first()
    return letter.paper if letter else None


def signed_by_the_enterprise(paper: Paper) -> str:
    """Say of a paper of an enterprise that no office seals it; empty of every other."""
    if paper.template == THEIRS[0]:
        return _("承诺书由企业签字盖章，在承诺书页上传扫描件，由窗口核验。")
    if paper.template == THEIRS[1]:
        return _("容缺承诺书由企业经办人用本人的实名账户办理，不由窗口签章。")
    return ""
