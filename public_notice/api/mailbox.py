"""意见箱 and the questionnaire for programs: anybody writes, follows, judges; the desk assigns, answers, hides."""

from typing import Any

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Endpoint, Export, Listing, One, Step, Table, Things, addresses
from core.steps.api.step import StepEndpoint
from core.steps.tries import origin_of
from public_notice import policies, services
from public_notice.api import mailbox_shown as shown
from public_notice.api.disclosures import Asked
from public_notice.models import BoxLetter, SurveyRound
from public_notice.queries import mailbox as queries
from public_notice.queries import satisfaction
from public_notice.rules import mailbox as may
from public_notice.stages import LetterChannel, LetterStage

LABEL, SURVEY = _("意见箱"), _("满意度问卷")
NEWEST = 200  # public letters in one answer


def _seen(by: Any) -> Any:
    return queries.letters_of(by).prefetch_related("replies__department")


def _rounds(_by: Any) -> Any:
    return SurveyRound.objects.all()


LETTERS = Things("mailbox", "letter", LABEL, BoxLetter, _seen, shown.BoxLetterShown)
ROUNDS = Things("survey", "survey", SURVEY, SurveyRound, _rounds, shown.RoundBegun)


def _anybody(_thing: Any, _by: Any) -> bool:
    return True


WRITE = Step(
    "write", services.write_letter, _anybody, _("写信"), shown.LetterBody,
    _("任何人都可以写，不需要令牌，可以不留姓名；编号和查询码是回执。"), opens=True,
    shown=shown.ReceiptOfLetter, secret=True,
)  # fmt: skip
JUDGE = Step(
    "judge", services.judge_letter, _anybody, _("评价答复"), shown.JudgeBody,
    shown=shown.LetterStanding, secret=True,
)  # fmt: skip
REGISTER = Step(
    "register", services.register_letter, may.registers, _("登记12345工单"), shown.WorkOrderBody,
    opens=True, shown=shown.ReceiptOfLetter, secret=True,
)  # fmt: skip
STEPS = (
    Step("assign", services.assign_letter, may.supervisor, _("转办来信"), shown.AssignBody),
    Step(
        "return", services.return_letter, may.handles_or_assigns, _("退回转办"), shown.LetterReasonBody
    ),
    Step("reply", services.reply_letter, may.handles, _("答复来信"), shown.LetterReplyBody),
    Step("longer", services.lengthen_letter, may.supervisor, _("延长答复期限"), shown.LetterLongerBody),
    Step(
        "review-reply", services.review_letter_reply, may.handles_or_assigns, _("审核来信答复"),
        shown.ReviewReplyBody,
    ),
    Step("admit", services.admit_letter, may.supervisor, _("查看后放行")),
    Step("hide", services.ask_hiding, may.hides, _("提出隐藏来信文字"), shown.LetterReasonBody),
    Step("decide-hiding", services.decide_hiding, may.hides, _("决定是否隐藏来信文字"), shown.HidingBody),
)  # fmt: skip
ANSWER = Step(
    "answer", services.answer_survey, _anybody, _("凭问卷码回答"), shown.SurveyBody,
    _("不需要令牌；每个问卷码一次，回答不记企业、人员和时间。"), opens=True, shown=shown.SurveyTaken, secret=True,
)  # fmt: skip
BEGIN = Step(
    "begin", services.begin_yearly_survey, policies.administrator, _("开始年度满意度问卷"), opens=True,
    shown=shown.RoundBegun,
)  # fmt: skip


def _found(number: str, code: str, origin: str, at: Any) -> BoxLetter:
    found = services.look_up_letter(number=number, code=code, origin=origin, at=at)
    if found is None:
        raise Http404
    return found


class Judge(Asked):
    """评价答复 with number and code; a wrong one of the two is 404 either way."""

    things = LETTERS

    def _act(self, named: dict[str, Any], at: Any, more: dict[str, Any]) -> tuple[int, Any]:
        body = shown.JudgeBody(data=self.request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        found = _found(data.pop("number"), data.pop("code"), more["origin"], at)
        return 200, self._show(services.judge_letter(found, at=at, **data), found)


class Follow(Endpoint):
    """查询来信."""

    public = True
    keyed = False  # a question: nothing changes
    also = (429,)
    serializer_class = shown.LetterStanding
    tag, title, operation = LABEL, _("查询来信"), "letter_follow"
    explain = _("凭来信编号和查询码，不需要令牌。编号或者查询码不对，答复都一样（404）。")

    def post(self, request: Any) -> Any:
        """Answer with how the letter stands."""
        asked = shown.LetterReceipt(data=request.data)
        asked.is_valid(raise_exception=True)
        origin = origin_of(request._request)  # noqa: SLF001 - the library's name for Django's request
        found = _found(**asked.validated_data, origin=origin, at=clock.now())
        return Response(shown.LetterStanding(found).data, headers={"Cache-Control": "no-store"})

    def said(self, what: str, method: str) -> Any:
        """Return what is said of the address."""
        return getattr(self, what)

    def body_of(self, method: str) -> Any:
        """Return the body of the question."""
        return shown.LetterReceipt

    def answers(self, method: str) -> dict[Any, Any]:
        """Return how a letter stands."""
        return {200: shown.LetterStanding}


class LetterFilter(filters.FilterSet):
    """Letters by stage, way and kind."""

    stage = filters.MultipleChoiceFilter(choices=LetterStage.choices, label=_("状态"))
    channel = filters.MultipleChoiceFilter(choices=LetterChannel.choices, label=_("来信渠道"))
    kind = filters.CharFilter("kind__code", label=_("来信类别"))

    class Meta:
        model = BoxLetter
        fields: list[str] = []


class Letters(Listing):
    """来信; POST registers a work order of the hotline."""

    things = LETTERS
    step = REGISTER
    title = _("意见箱来信清单")
    filterset_class = LetterFilter


class OneLetter(One):
    """One letter."""

    things = LETTERS
    title = _("一封来信")


class LetterExport(Export):
    """来信 as a file."""

    things = LETTERS
    title = _("导出意见箱来信清单")
    filterset_class = LetterFilter

    def rows(self, seen: Any) -> Any:
        """Refuse whoever works on none."""
        if self.by is None or not may.works_on_letters(None, self.by):
            raise PermissionDenied
        return seen

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return queries.sheet_of_letters(rows)


class _Open(Table):
    """What everybody reads."""

    things = LETTERS
    public = True
    many = True
    also: tuple[int, ...] = ()
    tag = LABEL
    explain: Any = ""


class Years(_Open):
    """意见箱办理情况 by year."""

    serializer_class = shown.LetterYear
    title, operation = _("意见箱办理情况"), "letter_years"
    explain = _("每年一张表，新的在前；口径见意见箱页面。")

    def table(self, by: Any) -> Any:
        """Return the figures of all years."""
        now = clock.now()
        return [
            {"year": year, "lines": queries.figures_of(year, now)} for year in queries.years(now)
        ]


class Answered(_Open):
    """已答复的来信."""

    serializer_class = shown.PublicLetter
    title, operation = _("已答复并同意公开的来信"), "letter_public"
    explain = _("最新的二百封，个人信息已遮盖。")

    def table(self, by: Any) -> Any:
        """Return the newest of them."""
        return [
            queries.in_public(one, list(one.replies.all()))
            for one in queries.public_letters()[:NEWEST]
        ]


class Results(_Open):
    """满意度问卷结果."""

    things = ROUNDS
    tag = SURVEY
    serializer_class = shown.SurveyResult
    title, operation = _("满意度问卷结果"), "survey_results"
    explain = _("每轮一项，新的在前；每满五份公开一次。只看一轮的，意见一页一页读，每页二十条。")
    asks = shown.RoundAsked
    also: tuple[int, ...] = (422,)

    def get(self, request: Request) -> Response:
        """Return every round, or one with a page of what was written in it."""
        asked = shown.RoundAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        one = asked.validated_data
        found = satisfaction.results(one["round"], one["page"] if one["round"] else 1)
        if one["round"] and not found:
            raise Http404
        return Response(shown.SurveyResult(found, many=True).data)


OF = {"things": LETTERS}
ADDRESSES = [
    path("mailbox-years/", Years.as_view(), name="letter_years"),
    path("mailbox-public/", Answered.as_view(), name="letter_public"),
    path("mailbox/", Letters.as_view(), name="letter_list"),
    path("mailbox/export/", LetterExport.as_view(), name="letter_export"),
    path("mailbox/write/", Asked.as_view(**OF, step=WRITE), name="letter_write"),
    path("mailbox/follow/", Follow.as_view(), name="letter_follow"),
    path("mailbox/judge/", Judge.as_view(**OF, step=JUDGE), name="letter_judge"),
    path("mailbox/<int:pk>/", OneLetter.as_view(), name="letter_read"),
    *addresses(LETTERS, *STEPS),
    path("survey/", Results.as_view(), name="survey_results"),
    path("survey/answer/", Asked.as_view(things=ROUNDS, step=ANSWER), name="survey_answer"),
    path("survey/begin/", StepEndpoint.as_view(things=ROUNDS, step=BEGIN), name="survey_begin"),
]  # fmt: skip
