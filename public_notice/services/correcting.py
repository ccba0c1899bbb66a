"""更正公开的文书: what is new in it passes the gate before it has a number, and the pages that show it follow.

A notice and a bulletin keep their address; the versions before stay readable there and as their files.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.services import tell_enterprise
from core.documents.models import Paper
from core.notify.words import said as _
from public_notice.models import Bulletin, Notice
from public_notice.queries.confidential import withheld_in
from public_notice.rules.gate import BULLETIN, OFFICE_PHONES, admit
from public_notice.rules.personal import mask, numbers_left
from public_notice.rules.withheld import content_without, says_any
from public_notice.services.notices import keep_open, make_findable
from public_notice.services.reading import left_in_page, of_others

NOTICE = "public_notice"
NAMES = ("project.name", "enterprise.name")  # what the title of a notice repeats
ADDRESSES = ("address", "how", "email")  # places of the office that are no telephone


def against(paper: Paper, content: Mapping[str, Any]) -> str:
    """Say why a correction must not reach strangers; empty where the paper is not public, or nothing is against it."""
    if not paper.public and paper.template != NOTICE:
        return ""  # a notice has a page of its own, whoever is handed its file
    said = content["corrects"]
    if says_any(list(_new(said)), [one["words"] for one in withheld_in(paper.book_id)]):
        return _(
            "更正的文字或者理由里有依法不公开的部分：这份文书是公开的，连同更正的理由一起公开，请删去再办理。"
        )
    if any(mask(text) != text for text in _new(said)) or _office_holds_a_person(said):
        return _(
            "更正的文字或者理由里有疑似身份证号、手机号码、住址、姓名或者看不见的字符。"
            "这份文书是公开的，连同更正的理由一起公开：请删去再办理。"
        )
    if paper.template != NOTICE:
        return ""
    if left_in_page(admit(content)):
        return _("更正后的公示页上有疑似身份证号或手机号码，不能发布：请改写。")
    return _stale_title(paper, content)


def _new(said: Mapping[str, Any]) -> Iterator[str]:
    yield said["reason"]
    yield from (one["now"] for one in of_others(said["changes"]))


def _office_holds_a_person(said: Mapping[str, Any]) -> bool:
    """Tell whether a number stands where the office's address belongs; its telephones are meant to be called."""
    places = [(one["place"].split("."), one["now"]) for one in said["changes"]]
    return any(
        place[0] in OFFICE_PHONES and place[-1] in ADDRESSES and numbers_left(text)
        for place, text in places
    )


def _stale_title(paper: Paper, content: Mapping[str, Any]) -> str:
    """Say that the title still has a name as it was."""
    for place in NAMES:
        part, name = place.split(".")
        was, now = paper.content[part][name], content[part][name]
        if was != now and was in content["title"] and now not in content["title"]:
            return _("标题里还是原来的名称“%(name)s”：请一并更正。") % {"name": was}
    return ""


def follow(newer: Paper, by: Membership, at: datetime) -> None:
    """Let the notice or the bulletin that shows a paper show its new version, under the lock of its book."""
    notice = Notice.objects.filter(paper=newer.corrects).select_related("filing__industry").first()
    if notice is not None:
        notice.content = content_without(
            admit(newer.content), withheld_in(newer.book_id, of_notices=True)
        )
        notice.title, notice.paper = notice.content["title"][:200], newer
        notice.save(update_fields=["content", "title", "paper"])
        keep_open(notice)
        make_findable(notice, was=[one.number for one in newer.line[1:]])
        said = {"old": newer.line[1].number, "number": newer.number}
        sentence = _("承诺公示%(old)s的文字已更正，见%(number)s；公示期不变") % said
        tell_enterprise(notice.filing, sentence, f"corrected:{newer.code}", at)
    for bulletin in Bulletin.objects.filter(paper=newer.corrects):
        bulletin.content, bulletin.paper = admit(newer.content, BULLETIN), newer
        bulletin.save(update_fields=["content", "paper"])
