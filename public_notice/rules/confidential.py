"""不公开部分: who marks words in which thing, who reviews them, and what must be true first."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.policies import convenor, staff, voids_or_corrects, window
from accounts.stages import Kind
from approvals.policies import own_enterprise
from approvals.stages import Stage
from core.steps.reasons import because
from public_notice.rules import mailbox
from public_notice.stages import DisclosureStage, InquiryResult, PartState

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from accounts.models import Membership
    from public_notice.models import ConfidentialPart, LiftingView

BEFORE_NOTICE = (Stage.COMMITTING, Stage.COMMITTED)
IN_OFFICE = (DisclosureStage.SUBMITTED, DisclosureStage.RUNNING, DisclosureStage.CORRECTING)


def _marks_in_case(filing: "Any", by: "Membership | None") -> bool:
    return bool(by and (own_enterprise(filing, by) or window(filing, by)))


def _marks_in_letter(letter: "Any", by: "Membership | None") -> bool:
    return mailbox.handles_or_assigns(letter, by)


def _reviews_in_case(_filing: "Any", by: "Membership | None") -> bool:
    return bool(by and (window(None, by) or convenor(None, by)))


MARKS: "dict[str, Callable[[Any, Any], bool]]" = {
    "filing": _marks_in_case, "objection": window, "letter": _marks_in_letter, "disclosure": window,
}  # fmt: skip
REVIEWS: "dict[str, Callable[[Any, Any], bool]]" = {
    "filing": _reviews_in_case, "objection": voids_or_corrects, "letter": mailbox.hides, "disclosure": convenor,
}  # fmt: skip


def marks_parts(thing: "Any", by: "Membership | None") -> bool:
    """The enterprise in its own case, the office in what it is going to publish, who answers in a letter."""
    name = {"boxletter": "letter"}.get(thing._meta.model_name, thing._meta.model_name)
    return bool(MARKS[name](thing, by))


def reviews_part(part: "ConfidentialPart", by: "Membership | None") -> bool:
    """Of a case the window or the convenor, of an objection who decides what is hidden, and so on."""
    return bool(by and REVIEWS[part.kind](part.subject, by))


def works_on_parts(_thing: object, by: "Membership | None") -> bool:
    """Who has a list of parts: everybody in office, and the enterprises for their own cases."""
    if by is None:
        return False
    return staff(None, by) or mailbox.works_on_letters(None, by) or of_enterprise(by)


def of_enterprise(by: "Membership") -> bool:
    """Somebody of an enterprise."""
    return bool(by.organisation and by.organisation.kind == Kind.ENTERPRISE)


@because(_("只有公示发布以前才能标注：公示的文书一经发布就不再改变；已经发布的，请提出撤下公示。"))
def before_the_notice(filing: "Any") -> bool:
    """What is going to be published can still be said otherwise."""
    return filing.stage in BEFORE_NOTICE


@because(_("公开申请已经答复，答复书已经送出：不公开的部分须在答复以前标注。"))
def before_the_answer(disclosure: "Any") -> bool:
    """The answer is not given yet."""
    return disclosure.stage in IN_OFFICE


@because(_("这一部分已经审核。"))
def part_waits(part: "ConfidentialPart") -> bool:
    """Nobody has reviewed it."""
    return part.state == PartState.ASKED


def reviewed_by_another(by: "Membership") -> "Callable[[ConfidentialPart], bool]":
    """Return the condition that a part is reviewed by another person than who marked it."""

    @because(_("标注不公开部分的人不能自己审核，换一个任职也不行：须由另一个人审核。"))
    def another(part: "ConfidentialPart") -> bool:
        return part.marked_by.user_id != by.user_id

    return another


def asks_lifting(part: "ConfidentialPart", by: "Membership | None") -> bool:
    """Who may mark words in the thing, and who reviews them, may ask for them to be public again."""
    return bool(by and (marks_parts(part.subject, by) or reviews_part(part, by)))


@because(_("这一部分现在不是“不公开”，没有要恢复的。"))
def is_withheld(part: "ConfidentialPart") -> bool:
    """The words are withheld now."""
    return part.state == PartState.GRANTED


@because(_("已经有人提请恢复公开，等另一个人决定。"))
def no_lifting_waits(part: "ConfidentialPart") -> bool:
    """Nobody waits for a decision."""
    return not part.lifting_waits


@because(_("没有人提请恢复公开，或者已经作出决定。"))
def lifting_waits(part: "ConfidentialPart") -> bool:
    """Somebody has asked, and nobody has decided."""
    return part.lifting_waits


def says_view(view: "LiftingView", by: "Membership | None") -> bool:
    """The enterprise of the case, or its agent; nobody says it for them."""
    return bool(by and own_enterprise(view.filing, by))


@because(_("这次征求意见已经结束。"))
def view_is_open(view: "LiftingView") -> bool:
    """Nothing was said yet, and it is still wanted."""
    return view.result == InquiryResult.OPEN


@because(
    _(
        "正在征求企业的意见：企业答复以前、期限届满以前，不能决定恢复公开（《中华人民共和国政府信息公开条例》第十五条）。"
    )
)
def enterprise_was_heard(part: "ConfidentialPart") -> bool:
    """The enterprise of the case has spoken, or its time is over."""
    return not part.views.filter(result=InquiryResult.OPEN).exists()


def withdrawn_by_who_asked(by: "Membership") -> "Callable[[ConfidentialPart], bool]":
    """Return the condition that a request is taken back by the person who made it."""

    @because(_("只有提请恢复公开的人能撤回提请。"))
    def own(part: "ConfidentialPart") -> bool:
        asked = part.lifting_asked_by
        return asked is not None and asked.user_id == by.user_id

    return own


@because(_("答复书已经送出，不再改变：要公开这一部分，请按新的申请另行答复。"))
def answer_can_change(part: "ConfidentialPart") -> bool:
    """It stands in no answer that was handed over."""
    return part.disclosure is None or before_the_answer(part.disclosure)


def lifted_by_another(by: "Membership") -> "Callable[[ConfidentialPart], bool]":
    """Return the condition that it is decided by another person than who asked."""

    @because(_("提请恢复公开的人不能自己决定，换一个任职也不行：须由另一个人决定。"))
    def another(part: "ConfidentialPart") -> bool:
        asked = part.lifting_asked_by
        return asked is None or asked.user_id != by.user_id

    return another
