"""签章与验真 for programs: sealing papers, and, open to everybody, whether a paper is ours and what a file is."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import seals_papers, signs_by_certificate
from approvals.api.bodies import Reason
from approvals.api.files import LABEL, PAPERS, PDF
from approvals.api.shown import File
from approvals.services.checking import look_up, what_is
from core import clock
from core.documents.digests import Reckoned
from core.documents.models import Paper
from core.steps import sealing
from core.steps.api import One, Step, Table, addresses
from core.steps.api.files import Download
from core.steps.checking import place_of_paper, signed_file, signed_how, standing_of
from core.steps.models import Seal
from core.steps.reasons import NotNow
from core.steps.stages import Method, Verdict
from core.steps.tries import origin_of


class ScanBody(serializers.Serializer):
    """The scan of the printed and sealed paper, whole."""

    upload = serializers.FileField(max_length=200)


class NumberBody(serializers.Serializer):
    """The number that the second person has read off the scan."""

    number = serializers.CharField(max_length=60)


class SealShown(serializers.ModelSerializer):
    """A seal of a paper; a scan counts for nothing while it is `waiting`."""

    paper = serializers.CharField(source="paper.code")
    scan = File(allow_null=True)

    class Meta:
        model = Seal
        fields = (
            "id", "paper", "method", "state", "over_sha256", "sha256", "pages", "scan", "made_at", "decided_at",
            "reason", "signer", "issuer", "certificate", "revocation", "stamped_at", "stamped_by",
        )  # fmt: skip


class SignedShown(serializers.Serializer):
    """A verified method: which, by whom, when, the digest of the file that bears it, and who attests the time."""

    method = serializers.ChoiceField(Method.choices)
    who = serializers.CharField()
    at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    stamped_at = serializers.DateTimeField(allow_null=True)
    stamped_by = serializers.CharField(allow_blank=True)
    revocation = serializers.BooleanField()


class SealsShown(serializers.Serializer):
    """The verified methods of a paper, and every seal that was ever handed in, refused ones among them."""

    signed = serializers.SerializerMethodField()
    seals = serializers.SerializerMethodField()

    @extend_schema_field(SignedShown(many=True))
    def get_signed(self, paper: Paper) -> Any:
        """Return the methods that hold now."""
        return SignedShown(signed_how(paper), many=True).data

    @extend_schema_field(SealShown(many=True))
    def get_seals(self, paper: Paper) -> Any:
        """Return every seal."""
        found = paper.seals.select_related("scan", "paper")
        return SealShown(found, many=True, context=self.context).data


SEALING = (
    Step(
        "hand-in-scan", sealing.hand_in_scan, seals_papers, gettext_lazy("上传盖章扫描件，送第二人核对"), ScanBody,
        shown=SealShown,
    ),
    Step(
        "confirm-scan", sealing.confirm_scan, seals_papers, gettext_lazy("核对盖章扫描件"), NumberBody,
        gettext_lazy("由上传人以外的人对照核对；number 照扫描件上印的文号填写。"), shown=SealShown,
    ),
    Step(
        "refuse-scan", sealing.refuse_scan, seals_papers, gettext_lazy("不予确认盖章扫描件"), Reason,
        shown=SealShown,
    ),
    Step(
        "sign", sealing.sign_by_certificate, signs_by_certificate, gettext_lazy("用单位证书签署文书"), shown=SealShown,
        explain=gettext_lazy("成文的字节不变，签名加在后面；签名后核验，核验不过的不采用。"),
    ),
)  # fmt: skip


class Seals(One):
    """How a paper was sealed."""

    things = PAPERS
    operation, title = "paper_seals", gettext_lazy("文书的签章")
    serializer_class = SealsShown


class SignedPaperFile(Download):
    """The PDF of a paper with the county's signature behind it."""

    things = PAPERS
    operation, title, types = "paper_signed_file", gettext_lazy("带单位电子签名的 PDF"), (PDF,)
    also = (409,)

    def kept(self, thing: Paper) -> tuple[Any, str, str]:
        """Return the signed file where there is one."""
        seal = signed_file(thing)
        if seal is None:
            raise NotNow([_("这份文书没有单位电子签名。")])
        return seal.file, f"{thing.number} {thing.title}.pdf", PDF


class CheckAsked(serializers.Serializer):
    """A check code, the SHA-256 of a file, or both: then the file is held against that paper."""

    code = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", required=False, allow_blank=True, default="")


class CheckedPaper(serializers.ModelSerializer):
    """What is said of a paper to whoever holds it: nothing of its content."""

    id = serializers.CharField(source="code")

    class Meta:
        model = Paper
        fields = (
            "id", "number", "kind", "title", "issued_at", "public", "content_sha256", "file_sha256",
        )  # fmt: skip


class LedgerPlace(serializers.Serializer):
    """Where the ledger has the paper's file; `checkpoint` is the first that covers it, null before there is one."""

    book = serializers.CharField(source="entry.book.code")
    sequence = serializers.IntegerField(source="entry.sequence")
    digest = serializers.CharField(source="entry.digest")
    checkpoint = serializers.IntegerField(source="checkpoint.number", default=None, allow_null=True)


class Checked(serializers.Serializer):
    """`paper` is null where code and file are not ours; `why` says it. `verdict` is of the file, empty without one."""

    paper = CheckedPaper(allow_null=True)
    why = serializers.CharField(allow_blank=True)
    valid = serializers.BooleanField()
    state = serializers.CharField(allow_blank=True)
    replaced_by = serializers.CharField(allow_blank=True)
    signed = SignedShown(many=True)
    place = LedgerPlace(allow_null=True)
    verdict = serializers.ChoiceField([("", ""), *Verdict.choices], allow_blank=True)


class Check(Table):
    """文书验真."""

    public = True
    asks = CheckAsked
    also: tuple[int, ...] = (422, 429)
    serializer_class = Checked
    operation, tag, title = "paper_check", LABEL, gettext_lazy("文书验真")
    explain = gettext_lazy(
        "按校验码或文件摘要查；只送摘要，不送文件。只答是否本系统制发、是否有效、怎样签章。"
    )

    def get(self, request: Request) -> Response:
        """Say what is known."""
        asked = CheckAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        origin, at = origin_of(request), clock.now()
        paper, why = look_up(asked.validated_data["code"], origin=origin, at=at)
        verdict = ""
        if digest := asked.validated_data["sha256"]:
            found = what_is(Reckoned(0, digest, {}), paper, origin=origin, at=at)
            paper, verdict = paper or found.paper, found.verdict
        return Response(Checked(_of(paper) | {"why": why, "verdict": verdict}).data)


def _of(paper: Paper | None) -> dict[str, Any]:
    if paper is None:
        return {
            "paper": None, "valid": False, "state": "", "replaced_by": "", "signed": [], "place": None,
        }  # fmt: skip
    state = standing_of(paper)
    return {
        "paper": paper, "valid": state.valid, "state": state.text,
        "replaced_by": state.by.code if state.by else "", "signed": signed_how(paper),
        "place": place_of_paper(paper),
    }  # fmt: skip


ADDRESSES = [
    *addresses(PAPERS, *SEALING),
    path("papers/<slug:code>/seals/", Seals.as_view(), name="paper_seals"),
    path("papers/<slug:code>/signed/", SignedPaperFile.as_view(), name="paper_signed_file"),
    path("paper-check/", Check.as_view(), name="paper_check"),
]
