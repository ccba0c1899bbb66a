"""开放数据文本: what a notice is in the open files, written out once when it is published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from public_notice.models.notices import Notice


class OpenText(models.Model):
    """开放数据文本: what was frozen of a notice, as JSON and as CSV, in the parts between which what may change goes.

    It holds what stands in `Notice.content` and in its title, which nobody changes: neither may this be changed. A row
    of another edition than `open_texts.EDITION` is not used; its text is put together again at each request.
    """

    notice = models.OneToOneField(
        Notice, models.CASCADE, primary_key=True, related_name="open_text", editable=False
    )
    edition = models.PositiveSmallIntegerField()
    as_json = models.TextField()
    as_csv = models.TextField()
    gaps = models.BooleanField()  # whether papers were missing when it was published

    class Meta:
        verbose_name = verbose_name_plural = _("开放数据文本")

    def __str__(self) -> str:
        return self.as_csv[:60]
