"""更正和作废: what was issued stays; a correction is a new version that names the old, a void number is kept."""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import voids_or_corrects
from core.documents import pdf
from core.documents.models import Paper
from core.ledger.services import lock, record
from core.steps.making_out import FORMS
from core.steps.moves import permit
from core.steps.papers import issue
from core.steps.reasons import NotNow, need_words

STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")
INDEX = re.compile(r"\[\d+\]")
OWN = "own"
# What apps say against words that strangers would read in a correction: a sentence, or nothing. Filled in ready().
AGAINST: list[Callable[[Paper, Mapping[str, Any]], str]] = []
# Who shows a paper elsewhere and has to show its new version from now on.
FOLLOWERS: list[Callable[[Paper, Membership, datetime], None]] = []


def second_person(paper: Paper, by: Membership) -> bool:
    """The convenor or the supervisor, who has not issued the paper: two persons look at what is taken back."""
    return voids_or_corrects(paper, by) and paper.issued_by.user_id != by.user_id


def takes_back(paper: Paper, by: Membership) -> bool:
    """Whether somebody may void the number: the second person of every version, for all of them are voided with it."""
    return all(second_person(one, by) for one in paper.line)


def why_not_void(paper: Paper) -> list[str]:
    """Return why the number of a paper cannot be voided; a paper that an act issued stands as long as the act does."""
    if paper.no_longer:
        return [paper.no_longer]
    form = FORMS.get(paper.kind)
    if not paper.subject or (form and form.is_the_act):
        return [_("这份文书是程序行为的记载，行为有效，文号就不能作废；文字有误的，请更正。")]
    return []


def why_not_corrected(paper: Paper) -> list[str]:
    """Return why a paper cannot be corrected."""
    if paper.no_longer:
        return [paper.no_longer]
    if pdf.form_of(paper.template) == OWN:
        return [_("这是企业自己出具的文书，由企业重新出具，机关不能更正。")]
    if not pdf.correctable_places(paper.template):
        return [_("这种文书没有可以更正的文字：有错的按它自己的程序办理。")]
    return []


def _fresh(
    paper: Paper, may: Callable[[Paper, Membership], bool], by: Membership, at: datetime
) -> Paper:
    permit(paper, may, by=by, at=at)
    lock(paper.book_id)
    return Paper.objects.select_for_update(no_key=True, of=("self",)).get(pk=paper.pk)


@transaction.atomic
def void_paper(paper: Paper, *, reason: str, by: Membership, at: datetime) -> Paper:
    """作废文号: the number is never given again and stays in the list with the reason; the file stays what it was.

    Of a correction the versions it corrects are voided with it: none of them stands any more, so that the thing may be
    given a paper anew.
    Raises NotNow, PermissionDenied (also for whoever issued one of them), ValidationError without a reason.
    """
    paper = _fresh(paper, takes_back, by, at)
    need_words(reason)
    if reasons := why_not_void(paper):
        raise NotNow(reasons)
    for one in paper.line:
        record(paper.book, "void_paper", by=by, at=at, paper=one.number, reason=reason.strip())
        one.voided_at, one.voided_by, one.void_reason = at, by, reason.strip()[:300]
        one.save(update_fields=["voided_at", "voided_by", "void_reason"])
    return paper


@transaction.atomic
def correct_paper(
    paper: Paper, *, changes: Mapping[str, str], reason: str, by: Membership, at: datetime
) -> Paper:
    """更正文书: a new version with a number of its own, which names the old one, what was wrong in it and why.

    `changes` are the new words by place (`defects[0].text`); only places of `correctable`. The old file is not
    touched, and nothing that the procedure reckons with changes. Of a paper that strangers read, what is new passes
    the gate of what is published before a number is drawn, and the pages that show it show the new version.
    Returns the new version.
    """
    paper = _fresh(paper, second_person, by, at)
    need_words(reason)
    if reasons := why_not_corrected(paper):
        raise NotNow(reasons)
    return new_version(paper, _changed(correctable(paper), changes), reason, by=by, at=at)


def new_version(
    paper: Paper, changed: Mapping[str, str], reason: str, *, by: Membership, at: datetime
) -> Paper:
    """Issue a version with other words at some places; who may, and which places, is settled, and the lock is held."""
    content = copy.deepcopy(paper.content)
    for place, text in changed.items():
        _put(content, place, text)
    content.pop("english", None)  # written anew with the number of the new version
    content["corrects"] = _said_of(paper, changed, reason)
    if why := next(filter(None, (against(paper, content) for against in AGAINST)), ""):
        raise ValidationError(why)
    newer = issue(
        paper.template, content, book=paper.book, kind=paper.kind, by=by, at=at,
        public=paper.public, subject=paper.subject, corrects=paper,
    )  # fmt: skip
    record(
        paper.book, "correct_paper", by=by, at=at,
        paper=paper.number, by_paper=newer.number, reason=reason.strip(), places=sorted(changed),
    )  # fmt: skip
    for follow in FOLLOWERS:
        follow(newer, by, at)
    return newer


def _said_of(paper: Paper, changed: Mapping[str, str], reason: str) -> dict[str, Any]:
    """What the new version says of the old: which it is, what was wrong in it word for word, and why."""
    before = dict(places(paper.content))
    return {
        "number": paper.number,
        "date_text": paper.content["date_text"],
        "digest": paper.content_sha256[:16],
        "reason": reason.strip().rstrip("。"),
        "changes": [{"place": p, "was": before[p], "now": text} for p, text in changed.items()],
    }


def correctable(paper: Paper) -> dict[str, str]:
    """Return the words of a paper that a correction may change, by their place in its content.

    Only what its kind names beside its template: names, addresses, contacts. What was decided, promised, signed,
    counted or dated is no slip of the pen; an error there is mended by the act that the procedure knows for it.
    """
    named = pdf.correctable_places(paper.template)
    return {at: text for at, text in places(paper.content) if INDEX.sub("[]", at) in named}


def places(content: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Go through the words of a content, each with its place."""
    if isinstance(content, str):
        if content.strip():
            yield at, content
    elif isinstance(content, Mapping):
        for name, inner in content.items():
            yield from places(inner, f"{at}.{name}" if at else name)
    elif isinstance(content, list):
        for index, inner in enumerate(content):
            yield from places(inner, f"{at}[{index}]")


def _changed(known: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return what really changes; ValidationError for a place that is not to be corrected, or for nothing."""
    if strange := sorted(set(changes) - set(known)):
        raise ValidationError({"changes": _("这一处不能更正：%(place)s") % {"place": strange[0]}})
    changed = {
        place: lines(text).strip()
        for place, text in changes.items()
        if lines(text).strip() != lines(known[place]).strip()
    }
    if not changed:
        raise ValidationError({"changes": _("没有改动：请写出更正后的文字。")})
    if blank := next((place for place, text in changed.items() if not text), ""):
        raise ValidationError({"changes": _("更正后的文字不能空白：%(place)s") % {"place": blank}})
    return changed


def lines(text: str) -> str:
    """Return words with one kind of line end: a browser sends another than what it was given."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _put(content: Any, place: str, text: str) -> None:
    steps = [name or int(index) for name, index in STEP.findall(place)]
    for step in steps[:-1]:
        content = content[step]
    content[steps[-1]] = text
