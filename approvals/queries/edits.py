"""What was changed in a draft, in words: for whoever would write over it without having seen it."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from approvals.models import DraftEdit, Filing
from approvals.queries import catalogue_of
from approvals.rules.questionnaire import QuestionRow
from approvals.stages import DraftPart
from core.steps.templatetags.look import moment


def draft_number(filing: Filing) -> int:
    """Return the number of the last change of a draft; a page that was drawn before a later one is stale."""
    last = filing.edits.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def changed_since(filing: Filing, number: int, part: str, by: Any) -> list[DraftEdit]:
    """Return what others have changed in a part of a draft since a change, oldest first."""
    found = filing.edits.filter(number__gt=number, part=part).exclude(by__user=by.user_id)
    return list(found.select_related("by__user", "by__organisation"))


def edit_in_words(edit: DraftEdit, filing: Filing) -> str:
    """Say who changed what to what, and when."""
    asked = (
        {q.fact: q for q in catalogue_of(filing.catalogue).questions} if filing.catalogue else {}
    )
    what = [_change(edit.part, name, value, asked) for name, value in edit.changes.items()]
    return _("%(who)s在%(when)s改了：%(what)s。") % {
        "who": edit.by.user,
        "when": moment(edit.at),
        "what": _("；").join(what),
    }


def _change(part: str, name: str, value: Any, asked: dict[str, QuestionRow]) -> str:
    if part == DraftPart.PROJECT:
        label = str(Filing._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        said = str(value) if value else _("空")
    else:
        question = asked.get(name)
        label = _label(question.question_zh, question.question_en) if question else name
        said = _answer(question, value)
    return _("“%(label)s”→“%(value)s”") % {"label": label, "value": said}


def _label(zh: str, en: str) -> str:
    return en if en and get_language() == "en" else zh


def _answer(question: QuestionRow | None, value: Any) -> str:
    if value in (None, "", []):
        return _("尚未回答")
    named = {"yes": _("是"), "no": _("否")}
    named |= {c.value: _label(c.zh, c.en) for c in question.choices} if question else {}
    chosen = value if isinstance(value, list) else [value]
    return _("、").join(named.get(str(one), str(one)) for one in chosen)
