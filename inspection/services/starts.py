"""先行施工: works that began before the gate was open are recorded as a breach, with what was missing then."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.models import Filing
from approvals.services.telling import tell_enterprise
from core.documents.services import keep
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.papers import in_chinese
from core.steps.reasons import NotNow, require
from core.steps.templatetags.look import date_long
from inspection import policies
from inspection.models import EarlyStart


@transaction.atomic
def record_early_start(
    filing: Filing,
    *,
    began_on: date,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> EarlyStart:
    """记录先行施工: by a department of the case or the window; the works are to stop until the gate is open.

    The record judges nothing: it keeps which conditions were missing. Raises NotNow once the start was notified,
    ValidationError for a day to come, for no words, and for a day that is recorded.
    """
    filing = locked(filing)
    permit(filing, policies.records_early_start, by=by, at=at)
    require(filing, policies.gate_was_shut)
    if began_on > timezone.localdate(at):
        raise ValidationError({"began_on": _("日期不能晚于今天。")})
    if not text.strip():
        raise ValidationError({"text": _("请写明现场情况：谁、在哪里、做了什么。")})
    if filing.early_starts.filter(began_on=began_on).exists():
        raise NotNow([_("这一天的先行施工已经记录过。")])
    missing = in_chinese(filing.gate_missing)()
    found = EarlyStart.objects.create(
        filing=filing, department=by.organisation, began_on=began_on, text=text.strip(), missing=missing,
        attachment=keep(upload, book=filing.book, by=by, at=at) if upload else None,
        recorded_by=by, recorded_at=at,
    )  # fmt: skip
    act(
        filing, "record_early_start", policy=policies.records_early_start, by=by, at=at,
        on=began_on, missing=len(missing),
    )  # fmt: skip
    _tell(filing, found, at)
    return found


def _tell(filing: Filing, found: EarlyStart, at: datetime) -> None:
    told = _("查见%(day)s已先行施工：开工条件还差%(n)d项，请停止施工；对记录有异议的，向窗口陈述") % {
        "day": date_long(found.began_on), "n": len(found.missing),
    }  # fmt: skip
    tell_enterprise(filing, told, f"early:{found.pk}", at)
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(at)),
        _("%(project)s：未具备开工条件先行施工") % {"project": filing.project_name},
        about=f"early:{found.pk}",
        at=at,
        link=f"/cases/{filing.public_id}/plan/",
    )
