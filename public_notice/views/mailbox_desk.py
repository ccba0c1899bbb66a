"""意见箱 at the desk: the letters of a person, one letter with what can be done now, and each act as a page."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.views.base import outcome
from core import clock
from core.deadlines.queries import calendar_or_none
from core.documents.sheets import handed_out
from core.steps.limits import card
from core.steps.reasons import not_yours
from core.steps.views import StepView
from core.steps.watching import watch_of
from public_notice import services
from public_notice.forms import mailbox as forms
from public_notice.models import BoxLetter
from public_notice.queries import mailbox as queries
from public_notice.rules import mailbox as may
from public_notice.rules.confidential import marks_parts
from public_notice.stages import LetterStage

PAGE = 50
OPEN = (LetterStage.RECEIVED, LetterStage.ASSIGNED)


def _desk(request: HttpRequest) -> Any:
    acting = request.acting  # type: ignore[attr-defined]
    if not may.works_on_letters(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """List the letters of a person, those that wait for a reply first by their end."""
    acting = _desk(request)
    now = clock.now()
    calendar = calendar_or_none(now)
    found = queries.open_first(queries.letters_of(acting))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(one, card(one, now, calendar, table=False) if one.running else None) for one in page]
    context = {"page": page, "rows": rows, "registers": may.registers(None, acting)}
    return render(request, "public_notice/mailbox_desk.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the list out as a file."""
    found = queries.open_first(queries.letters_of(_desk(request)))
    sheet, form = queries.sheet_of_letters(found), request.GET.get("form", "")
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one letter with what the person may know of it, and what can be done now."""
    acting = _desk(request)
    found = get_object_or_404(queries.letters_of(acting), pk=pk)
    now, whole = clock.now(), may.knows_the_writer(found, acting)
    context = {
        "letter": found,
        "limits": [card(found, now)] if found.running else [],
        "text": found.text if whole else queries.for_handling(found),
        "said": queries.reasons_for(found, acting),
        "whole": whole,
        "replies": queries.replies_for(found, acting),
        "place": queries.place_of_letter(found),
        "offers": _offers(found, acting),
        "marks": marks_parts(found, acting),
    }
    return render(request, "public_notice/mailbox_letter.html", context)


def _offers(found: BoxLetter, acting: Any) -> list[tuple[str, Any]]:
    """Return the acts that stand open now, with their words."""
    handled = found.stage == LetterStage.ASSIGNED
    watches, mine = may.supervisor(found, acting), may.handles_or_assigns(found, acting)
    drafted = found.drafted_by is not None
    wanted = (
        ("assign", _("转办"), found.stage == LetterStage.RECEIVED and watches),
        ("reply", _("答复"), handled and not drafted and may.handles(found, acting)),
        ("review", _("审核答复"), drafted and mine and may.draft_by_another(acting)(found)),
        ("return", _("退回转办"), handled and mine),
        ("longer", _("延长答复期限"), found.stage in OPEN and not found.longer_at and watches),
        ("admit", _("查看后放行"), found.held and watches),
        *_hiding(found, acting),
    )
    return [(f"public_notice:letter_{name}", word) for name, word, open_ in wanted if open_]


def _hiding(found: BoxLetter, acting: Any) -> Iterator[tuple[str, Any, bool]]:
    asked, may_hide = found.hiding_asked_by, may.hides(found, acting) and found.hidden_at is None
    another = asked is not None and asked.user_id != acting.user_id
    yield "hide", _("提出隐藏"), may_hide and asked is None
    yield "decide_hiding", _("决定隐藏"), may_hide and another


class OfLetter(StepView):
    """One act on a letter; `policy` says whose it is."""

    template_name = "public_notice/mailbox_step.html"
    policy: Any = staticmethod(may.supervisor)

    def find(self) -> BoxLetter:
        """Return the letter among those the person works on."""
        if not may.works_on_letters(None, self.acting):
            raise PermissionDenied
        return get_object_or_404(queries.letters_of(self.acting), pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        """Whether the step is this person's."""
        return bool(self.policy(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise not_yours(self.subject, self.acting)
        return super().post(request, *args, **kwargs)

    def back_url(self) -> str:
        """Go back to the letter."""
        return reverse("public_notice:letter", args=[self.subject.pk])

    def get_success_url(self) -> str:
        """Go back to the letter, or to the list where it is no longer this person's."""
        theirs = queries.letters_of(self.acting).filter(pk=self.subject.pk).exists()
        return self.back_url() if theirs else reverse("public_notice:mailbox_desk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what runs and what was written."""
        limits = [card(self.subject, clock.now())] if self.subject.running else []
        text = queries.for_handling(self.subject)
        return super().get_context_data(limits=limits, text=text, **kwargs)


class Assign(OfLetter):
    """转办来信."""

    form_class = forms.AssignForm
    transition = "assign_letter"
    title = gettext_lazy("转办来信")
    verb = gettext_lazy("转办")
    explain = gettext_lazy("投诉一般不转给被反映的单位自己办理。转办不改变答复期限。")

    def perform(self, data: dict[str, Any]) -> str:
        """Assign it."""
        done = services.assign_letter(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已转%(who)s办理，该单位已收到通知。") % {"who": done.department})


class Return(OfLetter):
    """退回转办."""

    form_class = forms.LetterReasonForm
    policy = staticmethod(may.handles_or_assigns)
    transition = "return_letter"
    title = gettext_lazy("退回转办")
    verb = gettext_lazy("退回")
    explain = gettext_lazy("不属本单位的，写明理由退回，由效能监督另行转办；答复期限照常计算。")

    def perform(self, data: dict[str, Any]) -> str:
        """Give it back."""
        services.return_letter(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已退回，由效能监督另行转办。"))


class Reply(OfLetter):
    """答复来信."""

    form_class = forms.LetterReplyForm
    policy = staticmethod(may.handles)
    transition = "reply_letter"
    title = gettext_lazy("答复来信")
    verb = gettext_lazy("答复")
    explain = gettext_lazy("来信人凭编号和查询码看到答复，可以评价；不满意的复核一次，由另一个人答复。")  # fmt: skip

    def reasons(self) -> list[str]:
        """Say also that a reply waits for its review, or that the second look is another person's."""
        wanted: tuple[Any, ...] = (may.no_draft_waits, may.answered_by_another(self.acting))
        return super().reasons() + [str(one.reason) for one in wanted if not one(self.subject)]

    def get_initial(self) -> dict[str, Any]:
        """Begin with what was given back to be changed."""
        return {**super().get_initial(), "text": self.subject.drafted}

    def perform(self, data: dict[str, Any]) -> str:
        """Answer it."""
        done = services.reply_letter(self.subject, by=self.acting, at=self.now(), **data)
        if done.drafted_by_id:
            return outcome(_("答复已写好。"), _("等另一个人审核后送出；答复期限照常计算。"))
        return outcome(_("已答复，等待来信人评价。"))


class ReviewReply(OfLetter):
    """审核答复."""

    template_name = "public_notice/mailbox_review.html"
    form_class = forms.ReviewReplyForm
    policy = staticmethod(may.handles_or_assigns)
    conditions = (may.draft_waits,)
    title = gettext_lazy("审核来信答复")
    verb = gettext_lazy("作出决定")
    explain = gettext_lazy("同意的立即送出；不审核的不送出，答复期限照常计算，逾期转效能监督督办。")

    def perform(self, data: dict[str, Any]) -> str:
        """Send it, or give it back."""
        done = services.review_letter_reply(self.subject, by=self.acting, at=self.now(), **data)
        sent = done.stage == LetterStage.REPLIED
        return outcome(_("已答复，等待来信人评价。") if sent else _("已退回修改。"))


class Longer(OfLetter):
    """延长答复期限."""

    form_class = forms.LongerForm
    conditions = (may.waits_for_reply, may.not_lengthened_yet)
    title = gettext_lazy("延长答复期限")
    verb = gettext_lazy("延长")
    explain = gettext_lazy("期满以前办理，只有一次；理由和新的期限来信人凭编号和查询码看得到。")

    def perform(self, data: dict[str, Any]) -> str:
        """Lengthen it."""
        services.lengthen_letter(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("答复期限已延长。"))


class Admit(OfLetter):
    """查看后放行."""

    conditions = (may.is_held,)
    title = gettext_lazy("查看后放行")
    verb = gettext_lazy("放行")
    explain = gettext_lazy("短时间内来信很多时先由人查看。放行以后，同意公开的来信和答复可以公开。")

    def perform(self, data: dict[str, Any]) -> str:
        """Let it through."""
        services.admit_letter(self.subject, by=self.acting, at=self.now())
        return outcome(_("已放行。"))


class Hide(OfLetter):
    """提出隐藏."""

    form_class = forms.LetterReasonForm
    policy = staticmethod(may.hides)
    conditions = (may.is_shown, may.no_hiding_waits)
    title = gettext_lazy("提出隐藏来信文字")
    verb = gettext_lazy("提出隐藏")
    explain = gettext_lazy("来信不能删除。由另一个人决定；隐藏以后编号、答复和理由仍然公开。")

    def perform(self, data: dict[str, Any]) -> str:
        """Ask for it."""
        services.ask_hiding(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已提出，由另一个人决定。"))


class DecideHiding(OfLetter):
    """决定隐藏."""

    form_class = forms.HidingForm
    policy = staticmethod(may.hides)
    conditions = (may.hiding_waits,)
    title = gettext_lazy("决定是否隐藏来信文字")
    verb = gettext_lazy("决定")

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        done = services.decide_hiding(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("文字已隐藏。") if done.hidden_at else _("不隐藏，文字照常公开。"))
