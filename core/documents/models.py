"""Uploaded files, issued papers, and the series their numbers come from."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core.documents.stages import Scan

# What is previewed: which way it is drawn, and as what.
DRAWN_AS = {
    "application/pdf": ("page", "image/png"),
    "image/jpeg": ("picture", "image/jpeg"),
    "image/png": ("picture", "image/jpeg"),
}
# What a file that is not drawn is called in the child that reads what it carries.
OFFICE = "application/vnd.openxmlformats-officedocument"
READ_AS = {
    f"{OFFICE}.wordprocessingml.document": "docx",
    f"{OFFICE}.spreadsheetml.sheet": "xlsx",
    "application/ofd": "ofd",
    "image/vnd.dwg": "dwg",
}
# Why it is not drawn, and what to do.
NOT_DRAWN = {
    "docx": _(
        "Word 文件（DOCX）不能逐页预览：换一个程序打开，版面会变，画出来的不一定是原样。"
        "请下载原件，用 WPS 文字或者 Word 打开。"
    ),
    "xlsx": _(
        "Excel 文件（XLSX）不能逐页预览：表格没有固定的页，公式要由表格程序来算。"
        "请下载原件，用 WPS 表格或者 Excel 打开。"
    ),
    "ofd": _(
        "OFD 版式文件（GB/T 33190）不能逐页预览：服务器上没有画它的程序。"
        "请下载原件，用 OFD 阅读器或者 WPS 打开。"
    ),
    "dwg": _(
        "CAD 图纸（DWG）不能逐页预览：它的格式不公开，服务器上没有画它的程序。"
        "请下载原件，用 CAD 软件或者能看 DWG 的看图软件打开。"
    ),
}


def new_code() -> str:
    """Return a check code that nobody guesses: printed on the paper, looked up on the check page."""
    return secrets.token_hex(8)


def random_place(instance: "Attachment", filename: str) -> str:
    """Return a storage name that says nothing and follows from nothing the sender said."""
    return f"attachments/{secrets.token_hex(16)}"


class Attachment(models.Model):
    """附件: a file somebody handed in, as it was handed in, with its digest."""

    book = models.ForeignKey("ledger.Book", models.PROTECT, related_name="attachments")
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField(_("摘要"), max_length=64)
    file = models.FileField(upload_to=random_place, max_length=200)
    uploaded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    scan = models.CharField(
        _("查毒"), max_length=8, choices=Scan.choices, default=Scan.NONE, blank=True
    )
    scanned_at = models.DateTimeField(_("查毒时间"), null=True, blank=True)
    scan_found = models.CharField(_("查毒发现"), max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["id"], condition=models.Q(scan=Scan.WAITING), name="files_to_scan"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def withheld(self) -> str:
        """Why the file is handed out to nobody; empty where it is."""
        if self.scan == Scan.WAITING:
            return str(_("文件还在查毒，查完即可打开。收件时间以上传时间为准，不受影响。"))
        if self.scan == Scan.INFECTED:
            return str(_("查毒发现恶意代码，文件已隔离，不提供下载。"))
        return ""

    @property
    def not_opened(self) -> str:
        """Why the file is not opened at all to show something of it; empty where it may be."""
        if self.withheld:
            return self.withheld
        if self.scan != Scan.CLEAN and settings.CLAMD:
            return str(_("这个文件没有查过毒，不能预览，请下载原件查看。"))
        return ""

    @property
    def not_previewed(self) -> str:
        """Why the file is not even tried to be drawn, and what to do instead; empty where it is."""
        if self.not_opened or self.content_type in DRAWN_AS:
            return self.not_opened
        return str(NOT_DRAWN.get(self.read_as) or _("这种文件不能预览，请下载原件查看。"))

    @property
    def read_as(self) -> str:
        """As what the file is read for the picture and the words it carries; empty where it is drawn, or unknown."""
        return READ_AS.get(self.content_type, "")


def new_token() -> str:
    """Return the name of a file in coming: nobody guesses another's."""
    return secrets.token_hex(16)


class Incoming(models.Model):
    """在传文件: a file that comes in pieces, and how many of its bytes are on the disk."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    received = models.PositiveBigIntegerField(_("已收到字节数"), default=0)
    by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    begun_at = models.DateTimeField(_("开始时间"))
    last_at = models.DateTimeField(_("最近时间"), db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("在传文件")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="no_more_than_announced"
            ),
        )

    def __str__(self) -> str:
        return self.name


class StoreSweep(models.Model):
    """清扫记录: a look through the store: how many files were looked at, removed, and could not be removed."""

    at = models.DateTimeField(_("清扫时间"), db_index=True)
    looked = models.PositiveIntegerField(_("文件数"))
    removed = models.PositiveIntegerField(_("清除数"))
    left = models.PositiveIntegerField(_("未能清除数"))

    class Meta:
        verbose_name = verbose_name_plural = _("清扫记录")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.removed}"


class Series(models.Model):
    """文号: the last number drawn of a series in a year; drawn under the row's lock, so there is no hole."""

    mark = models.CharField(_("机关代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("文号")
        constraints = (
            models.UniqueConstraint(fields=["mark", "year"], name="one_series_per_year"),
        )

    def __str__(self) -> str:
        return f"{self.mark}〔{self.year}〕"


class Paper(models.Model):
    """文书: the frozen content of an act, its number, and the PDF that was rendered from it once."""

    book = models.ForeignKey("ledger.Book", models.PROTECT, related_name="papers")
    kind = models.CharField(_("种类"), max_length=10)
    title = models.CharField(_("标题"), max_length=120)
    template = models.CharField(_("模板"), max_length=60)
    number = models.CharField(_("文号"), max_length=40, unique=True)
    content = models.JSONField(_("内容"))
    content_sha256 = models.CharField(_("内容摘要"), max_length=64)
    code = models.CharField(_("校验码"), max_length=16, unique=True, default=new_code)
    issued_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("制发时间"))
    public = models.BooleanField(_("公开"), default=False)
    file = models.FileField(_("文件"), max_length=200, blank=True)
    file_sha256 = models.CharField(_("文件摘要"), max_length=64, blank=True)
    rendered_at = models.DateTimeField(_("成文时间"), null=True, blank=True)
    failure = models.CharField(_("成文失败原因"), max_length=300, blank=True)
    # What a paper that is made out on request was made of; empty where an act issues it.
    subject = models.CharField(_("所据事项"), max_length=40, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction",
        verbose_name=_("所更正的文书"),
    )  # fmt: skip
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    voided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.CharField(_("作废理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("文书")
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["id"], condition=models.Q(rendered_at=None), name="papers_to_render"
            ),
            models.Index(fields=["file_sha256"], name="papers_by_digest"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=~models.Q(subject="") & models.Q(voided_at=None, corrects=None),
                name="one_paper_made_of_a_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at=None, voided_by=None, void_reason="")
                | models.Q(~models.Q(void_reason=""), voided_at__isnull=False, voided_by__isnull=False),
                name="void_number_has_its_reason",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def label(self) -> str:
        """The title in the language of the page; the paper itself is Chinese."""
        if get_language() != "en":
            return self.title
        named = PaperKind.objects.filter(code=self.kind).values_list("name_en", flat=True).first()
        return named or self.title

    @property
    def replaced_by(self) -> "Paper | None":
        """The newer version that corrects it, where there is one."""
        return getattr(self, "correction", None)

    @property
    def line(self) -> "list[Paper]":
        """Itself and the versions it corrects, the newest first; the last is the paper that was issued first."""
        found = [self]
        while found[-1].corrects is not None:
            found.append(found[-1].corrects)
        return found

    @property
    def issuer_code(self) -> str:
        """The code of the office in whose name it is written; empty where it names none, as the county's own does."""
        if "noted_issuer" in self.__dict__:  # a list that leaves the content where it is
            return self.__dict__["noted_issuer"] or ""
        return str(self.content.get("issuer", {}).get("code", ""))

    @property
    def no_longer(self) -> str:
        """Why it does not stand any more: its number is void, or a newer version corrects it; empty where it stands."""
        if self.voided_at is not None:
            return gettext("文号已作废：%(why)s") % {"why": self.void_reason}
        if newer := self.replaced_by:
            return gettext("已更正，见%(number)s") % {"number": newer.number}
        return ""

    @property
    def ready(self) -> bool:
        """Whether the PDF is there; only then is it served."""
        return bool(self.file)


class PaperKind(models.Model):
    """文书种类: what a paper is called, its series, and whether it is published; from the county pack."""

    code = models.CharField(_("编号"), max_length=10, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120)
    mark = models.CharField(_("机关代字"), max_length=20, blank=True)
    public = models.BooleanField(_("公开"), default=False)
    source = models.CharField(_("来源"), max_length=80, blank=True)
    certainty = models.CharField(_("可信度"), max_length=1, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("文书种类")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def label(self) -> str:
        """What it is called in the language of the page."""
        return self.name_en if get_language() == "en" else self.name
