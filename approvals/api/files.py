"""Papers of the cases one sees, and files that were handed in."""

from typing import Any

import django_filters as filters
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response

from accounts.policies import prints_again
from approvals.api.shown import File, PaperFull
from approvals.models import Filing
from approvals.queries import PAPERS_SEEN, sees_file
from core.documents import receiving
from core.documents.contents import KINDS
from core.documents.models import Attachment, Incoming, Paper
from core.documents.previews import Busy, NotShown, carried, draw, draw_any, had, words
from core.documents.watching import CHECKING, EXPORTING, WRITING, seen
from core.steps.api import Listing, One, Step, Table, Things, addresses
from core.steps.api.files import Download
from core.steps.printing import print_again
from core.steps.reasons import NotNow

LABEL = gettext_lazy("文书与附件")
PDF = "application/pdf"
TOKEN = OpenApiParameter("token", str, description=gettext_lazy("随导入、导出送来的 watch。"))
MOST_BYTES = 1 << 40  # what a number of bytes can be; how many are taken is a setting


class IncomingShown(serializers.ModelSerializer):
    """A file that comes in pieces; `received` bytes of it are here, the next piece begins there."""

    id = serializers.CharField(source="token")

    class Meta:
        model = Incoming
        fields = ("id", "name", "size", "received", "begun_at", "last_at")


class Announced(serializers.Serializer):
    """The name and size of a file that will come in pieces."""

    name = serializers.CharField(max_length=200)
    size = serializers.IntegerField(min_value=1, max_value=MOST_BYTES)


class Piece(serializers.Serializer):
    """A piece of a file, and at which byte it begins."""

    offset = serializers.IntegerField(min_value=0, max_value=MOST_BYTES)
    piece = serializers.FileField(max_length=200)


def _incoming(by: Any) -> Any:
    return Incoming.objects.filter(by=by)


def _sender(_coming: Any, by: Any) -> bool:
    """Whoever sends it; nobody else finds it."""
    return by is not None


def _anybody(_nothing: Any, by: Any) -> bool:
    """Whoever acts for somebody."""
    return by is not None


def _papers(by: Any) -> Any:
    books = Filing.objects.visible_to(by).order_by().values("book_id")
    seen = Q(book__in=books) | Q(public=True)
    for beside in PAPERS_SEEN:
        seen |= Q(pk__in=beside(by))
    return (
        Paper.objects.filter(seen)
        .annotate(of_their_case=ExpressionWrapper(Q(book__in=books), BooleanField()))
        .select_related("corrects", "correction")
        .defer("content", "corrects__content", "correction__content")
    )


def _files(_by: Any) -> Any:
    return Attachment.objects.all()


PAPERS = Things("papers", "paper", LABEL, Paper, _papers, PaperFull, key="code")
FILES = Things("attachments", "attachment", LABEL, Attachment, _files, File)


PRINT_AGAIN = Step(
    "again", print_again, prints_again, gettext_lazy("成文失败的文书再次成文"),
    explain=gettext_lazy("文号和内容不变；已经成文的不再重新生成。"), shown=PaperFull,
)  # fmt: skip
INCOMING = Things("incoming", "incoming", LABEL, Incoming, _incoming, IncomingShown, key="token")
INCOMING_STEPS = (
    Step("receive", receiving.receive, _sender, gettext_lazy("接着传一段"), Piece),
    Step("abandon", receiving.abandon, _sender, gettext_lazy("放弃上传"), shown=IncomingShown),
)
ANNOUNCE = Step(
    "begin",
    receiving.begin,
    _anybody,
    gettext_lazy("开始分段上传一个大文件"),
    Announced,
    opens=True,
)


class PaperFilter(filters.FilterSet):
    """Papers by filing, kind and number."""

    filing = filters.CharFilter(method="of_filing", label=gettext_lazy("申报件"))
    kind = filters.CharFilter("kind", label=gettext_lazy("文书种类"))
    number = filters.CharFilter("number", label=gettext_lazy("文号"))
    void = filters.BooleanFilter(
        "voided_at", "isnull", exclude=True, label=gettext_lazy("文号已作废")
    )

    class Meta:
        model = Paper
        fields: list[str] = []

    def of_filing(self, rows: Any, name: str, public_id: str) -> Any:
        """Keep those of a filing."""
        return rows.filter(book__in=Filing.objects.filter(public_id=public_id).values("book_id"))


class Papers(Listing):
    """文书."""

    things = PAPERS
    title = gettext_lazy("文书清单")
    filterset_class = PaperFilter


class OnePaper(One):
    """One paper."""

    things = PAPERS
    title = gettext_lazy("一份文书")


class PaperFile(Download):
    """The PDF of a paper."""

    things = PAPERS
    operation, title, types = "paper_file", gettext_lazy("文书的 PDF"), (PDF,)
    also = (409,)

    def kept(self, thing: Paper) -> tuple[Any, str, str]:
        """Return the PDF once it is there."""
        if not thing.ready:
            raise NotNow([thing.failure or _("文书已编号，正在成文，请稍后再取。")])
        return thing.file, f"{thing.number} {thing.title}.pdf", PDF


class Coming(Listing):
    """在传文件."""

    things = INCOMING
    title = gettext_lazy("本人的在传文件")
    step = ANNOUNCE


class OneComing(One):
    """One file in coming: after a break one asks here how much of it has come."""

    things = INCOMING
    operation, title = "incoming_read", gettext_lazy("一个在传文件")


class WatchShown(serializers.Serializer):
    """How far a long import or export has come; empty before it begins and after its end."""

    phase = serializers.ChoiceField(["", CHECKING, WRITING, EXPORTING], allow_blank=True)
    done = serializers.IntegerField()
    all = serializers.IntegerField(allow_null=True)


class Watching(Table):
    """进展."""

    tag, title, operation = LABEL, gettext_lazy("导入、导出的进展"), "watch"
    serializer_class = WatchShown
    explain = gettext_lazy(
        "导入、导出时加上 watch=（32位十六进制，自定），在这里以同一个 token 查询；结果以导入、导出的回答为准。"
    )
    asks: Any = (TOKEN,)

    def table(self, by: Any) -> Any:
        """Return what is told under the token by the same person."""
        return seen(by.user_id, self.request.query_params.get("token", ""))


class AttachmentFile(Download):
    """A file that was handed in."""

    things = FILES
    operation, title, types = "attachment_file", gettext_lazy("附件的内容"), tuple(KINDS)
    also = (409,)

    def kept(self, thing: Attachment) -> tuple[Any, str, str]:
        """Return the file to those whom it concerns."""
        if self.by is None or not sees_file(thing, self.by):
            raise Http404
        if thing.withheld:
            raise NotNow([thing.withheld])
        return thing.file, thing.name, thing.content_type


class PagesShown(serializers.Serializer):
    """How many pages of a file can be previewed; where there is none, `said` says why, and `busy` to ask once more.

    Of a file that is not drawn: whether it carries a picture of itself, which is page 0 and was checked by nobody, and
    the first lines of its words.
    """

    pages = serializers.IntegerField()
    said = serializers.CharField()
    busy = serializers.BooleanField()
    carried = serializers.BooleanField()
    words = serializers.ListField(child=serializers.CharField())


class AttachmentPages(One):
    """Whether a file can be previewed, and how many pages of it."""

    things = FILES
    operation, title = "attachment_preview", gettext_lazy("附件能否预览、有几页")
    serializer_class = PagesShown

    def get(self, request: Any, **named: Any) -> Any:
        """Return the count to those whom the file concerns."""
        kept = self.things.find(self.by, **named)
        if self.by is None or not sees_file(kept, self.by):
            raise Http404
        found: dict[str, Any] = {
            "pages": 0,
            "said": "",
            "busy": False,
            "carried": False,
            "words": [],
        }
        try:
            if kept.read_as:
                found |= {
                    "carried": had(carried, kept) is not None,
                    "words": had(words, kept) or [],
                }
            found["pages"] = draw(kept, 1).pages
        except NotShown as fault:
            found |= {"said": str(fault), "busy": isinstance(fault, Busy)}
        return Response(found)


class AttachmentPage(Download):
    """A page of a file, drawn anew; 0 is the picture that a file carries of itself."""

    things = FILES
    operation, title = "attachment_preview_page", gettext_lazy("附件的一页预览")
    types = ("image/png", "image/jpeg")
    also = (409,)

    def get(self, request: Any, **named: Any) -> Any:
        """Hand out the page that is named."""
        self.page = named.pop("page")
        return super().get(request, **named)

    def kept(self, thing: Attachment) -> tuple[Any, str, str]:
        """Return the page to those whom the file concerns."""
        if self.by is None or not sees_file(thing, self.by):
            raise Http404
        try:
            drawn = draw_any(thing, self.page)
        except NotShown as fault:
            raise NotNow([str(fault)]) from fault
        return drawn, f"{self.page}", drawn.content_type


ADDRESSES = [
    *addresses(INCOMING, *INCOMING_STEPS),
    *addresses(PAPERS, PRINT_AGAIN),
    path("incoming/", Coming.as_view(), name="incoming_list"),
    path("incoming/<slug:token>/", OneComing.as_view(), name="incoming_read"),
    path("watch/", Watching.as_view(), name="watch"),
    path("papers/", Papers.as_view(), name="paper_list"),
    path("papers/<slug:code>/", OnePaper.as_view(), name="paper_read"),
    path("papers/<slug:code>/file/", PaperFile.as_view(), name="paper_file"),
    path("attachments/<int:pk>/file/", AttachmentFile.as_view(), name="attachment_file"),
    path("attachments/<int:pk>/preview/", AttachmentPages.as_view(), name="attachment_preview"),
    path(
        "attachments/<int:pk>/preview/<int:page>/",
        AttachmentPage.as_view(),
        name="attachment_preview_page",
    ),
]
