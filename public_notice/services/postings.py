"""张贴凭证: the notice on paper, shown by a photograph with place and two dates."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from core.documents.services import keep, look
from core.ledger.services import lock
from core.notify.words import said as _
from core.steps.moves import act
from public_notice import policies
from public_notice.models import Notice, Posting
from public_notice.rules.gate import mask

PICTURES = ("image/jpeg", "image/png")


def prove_posting(
    notice: Notice,
    *,
    place: str,
    posted_on: date,
    seen_on: date,
    upload: UploadedFile,
    by: Membership,
    at: datetime,
) -> Posting:
    """登记张贴: the picture is kept as it came, its digest stands on the notice; the picture itself is not public.

    Raises ValidationError for a day before the publication or still to come, and for a file that is no picture.
    """
    looked = look(upload)
    if looked.content_type not in PICTURES:
        raise ValidationError({"upload": _("请上传照片（JPG 或 PNG）。")})
    published, today = timezone.localdate(notice.published_at), timezone.localdate(at)
    if not published <= posted_on <= seen_on <= today:
        words = _("张贴日不早于发布日，拍照日不早于张贴日，都不晚于今天。")
        raise ValidationError({"posted_on": words})
    if not place.strip():
        raise ValidationError({"place": _("请写明张贴地点。")})
    with transaction.atomic():
        lock(notice.book_id)
        notice = Notice.objects.select_related("book").get(pk=notice.pk)
        act(
            notice, "prove_posting", policy=policies.window, by=by, at=at, notice=notice.public_id,
            place=mask(place.strip()), posted_on=posted_on, seen_on=seen_on, digest=looked.sha256,
        )  # fmt: skip
        photo = keep(looked, book=notice.book, by=by, at=at)
        return Posting.objects.create(
            notice=notice, place=place.strip()[:120], posted_on=posted_on, seen_on=seen_on, photo=photo,
            entered_by=by, entered_at=at,
        )  # fmt: skip
