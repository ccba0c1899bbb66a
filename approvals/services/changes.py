"""修改: what a pre-review wants changed is handed in, and goes back to the department of its item and to no other."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from approvals import policies
from approvals.models import Change, Filing
from approvals.rules.changes import why_not_checked, why_not_handed_in, why_not_returned
from approvals.services.gate import open_gate
from approvals.services.telling import tell_department, tell_enterprise, tell_window
from core.documents.services import keep
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words


def _held(change: Change) -> tuple[Filing, Change]:
    """Lock the book of a change's filing and return both as they now are."""
    filing = locked(change.filing)
    found = Change.objects.select_related("filing", "item__department", "handed_file")
    return filing, found.get(pk=change.pk)


@transaction.atomic
def hand_in_change(
    change: Change,
    *,
    text: str = "",
    upload: UploadedFile | None = None,
    by: Membership,
    at: datetime,
) -> Change:
    """交来修改: said in words, by a file or both; only the department of its item is told, or the window."""
    filing, change = _held(change)
    permit(filing, policies.own_enterprise, by=by, at=at)
    if reasons := why_not_handed_in(change):
        raise NotNow(reasons)
    if not text.strip() and upload is None:
        raise ValidationError({"text": _("请写明改了什么，或者上传修改后的文件。")})
    kept = keep(upload, book=filing.book, by=by, at=at) if upload is not None else None
    act(
        filing, "hand_in_change", policy=policies.own_enterprise, by=by, at=at, change=change,
        item=change.item.code if change.item else None, text=text, sha256=kept.sha256 if kept else None,
    )  # fmt: skip
    change.handed_at, change.handed_text, change.handed_file = at, text.strip(), kept
    change.returned_because = ""
    change.save()
    subject = _("企业交来修改，请核对：%(what)s") % {"what": change.text}
    if change.item is None:
        tell_window(filing, subject, f"change{change.pk}", at)
    else:
        tell_department(filing, change.item.department_id, subject, f"change{change.pk}", at)
    return change


@transaction.atomic
def finish_change(change: Change, *, note: str, by: Membership, at: datetime) -> Change:
    """核对修改: the department of the item finds that it has been made; without an item it is the window."""
    filing, change = _held(change)
    permit(change, policies.checks_change, by=by, at=at)
    if reasons := why_not_checked(change):
        raise NotNow(reasons)
    act(
        filing, "finish_change", policy=lambda _thing, _by: True, by=by, at=at, change=change, note=note,
        item=change.item.code if change.item else None,
    )  # fmt: skip
    change.done_at, change.note = at, note
    change.save()
    what = _("修改已核对完成：%(what)s") % {"what": change.text}
    tell_enterprise(filing, what, f"change{change.pk}", at)
    open_gate(filing, at)
    return change


@transaction.atomic
def return_change(change: Change, *, reason: str, by: Membership, at: datetime) -> Change:
    """修改未完成: not yet, and why; the enterprise is told and hands it in again."""
    need_words(reason)
    filing, change = _held(change)
    permit(change, policies.checks_change, by=by, at=at)
    if reasons := why_not_returned(change):
        raise NotNow(reasons)
    act(
        filing, "return_change", policy=lambda _thing, _by: True, by=by, at=at, change=change, reason=reason,
        item=change.item.code if change.item else None,
    )  # fmt: skip
    change.handed_at, change.returned_because = None, reason
    change.save()
    what = _("修改尚未完成：%(what)s。理由：%(why)s") % {"what": change.text, "why": reason}
    tell_enterprise(filing, what, f"change{change.pk}", at)
    return change
