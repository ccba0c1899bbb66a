"""窗口收纸质申报 for programs: opened by the enterprise's code, typed by the steps of a draft, sent, handed out."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Membership
from approvals import policies, services
from approvals.api.bodies import Reason
from approvals.api.filings import FILINGS, Filings
from approvals.api.people import LABEL, PaperShown
from approvals.api.shown import File, FilingShown
from approvals.models import Fetched, Filing
from core.documents.models import Paper
from core.steps.api import Step, Things, addresses


class CounterBody(serializers.Serializer):
    """The enterprise that a paper application names; `uscc_confirmed` where the code's check character is wrong."""

    uscc = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    legal_representative = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default=""
    )
    contact = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    uscc_confirmed = serializers.BooleanField(required=False, default=False)


class ApplicationBody(serializers.Serializer):
    """When the application came, who brought it, and its scan; without one the last that was entered stands."""

    paper_at = serializers.DateTimeField()
    bearer = serializers.CharField(max_length=60)
    upload = serializers.FileField(max_length=200, required=False)


class HandOutBody(serializers.Serializer):
    """Which paper of the case, by its check code; who fetched it, and the receipt they signed."""

    paper = serializers.CharField(max_length=40)
    collector = serializers.CharField(max_length=60)
    upload = serializers.FileField(max_length=200)


class FetchedShown(serializers.ModelSerializer):
    """A paper that was fetched at the counter: that is its service on an enterprise without an account."""

    filing = serializers.CharField(source="filing.public_id")
    paper = serializers.CharField(source="paper.number")
    scan = File()

    class Meta:
        model = Fetched
        fields = ("id", "filing", "paper", "collector", "scan", "handed_at")


def _paper_of(filing: Filing, given: dict[str, Any], _by: Membership) -> dict[str, Any]:
    found = Paper.objects.filter(book_id=filing.book_id, code=given["paper"]).first()
    if found is None:
        raise ValidationError({"paper": gettext("本件没有这份文书。")})
    return {**given, "paper": found}


def _on_paper(by: Membership) -> Any:
    return Filing.objects.visible_to(by).filter(on_paper=True)


COUNTER = Things(
    "paper-filings", "paper_filing", LABEL, Filing, _on_paper, FilingShown, key="public_id"
)
OPEN = Step(
    "open", services.open_at_counter, policies.window, _("窗口收纸质申报，建立草稿"), CounterBody, opens=True,
    shown=FilingShown,
    explain=_("接着用申报件的“回答问卷”“填写项目信息”录入，再送第二人确认；确认以前不算申报。"),
)  # fmt: skip
FILING_STEPS = (
    Step(
        "enter-application", services.enter_application, policies.window, _("纸质申报送第二人确认"),
        ApplicationBody, shown=PaperShown,
    ),
    Step("drop-application", services.drop_application, policies.window, _("作废纸质申报的录入"), Reason),
    Step(
        "hand-out", services.hand_out_paper, policies.window, _("登记窗口领取文书"), HandOutBody, take=_paper_of,
        shown=FetchedShown,
    ),
)  # fmt: skip


class PaperFilings(Filings):
    """纸质申报."""

    things = COUNTER
    step = OPEN
    title = _("纸质申报清单")


ADDRESSES = [
    *addresses(FILINGS, *FILING_STEPS),
    path("paper-filings/", PaperFilings.as_view(), name="paper_filing_list"),
]
