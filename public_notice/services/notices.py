"""统一承诺公示: publishing the commitment, and the end of the period by itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership
from accounts.queries import county
from accounts.services import system_actor
from approvals.models import Filing, Letter
from approvals.services import open_gate, replace_by_commitment, tell_enterprise, words
from approvals.stages import ENDS, GAP_OVER, Stage
from core.deadlines.calendar import CalendarGap
from core.deadlines.counting import last_day_of
from core.deadlines.queries import calendar_at, value_of
from core.deadlines.rules import on_silence
from core.deadlines.services import feed, start
from core.grams import grams
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import locked, move, permit
from core.steps.papers import date_text, in_chinese, issue
from core.steps.reasons import NotNow
from core.steps.templatetags.look import date_long
from inspection.services import make_plan
from public_notice import policies, rules
from public_notice.models import Notice, NoticeText, OpenText
from public_notice.rules.finding import words_of
from public_notice.rules.gate import admit, still_personal
from public_notice.rules.open_texts import texts_of
from public_notice.rules.withheld import content_without
from public_notice.services.confidential import parts_for
from public_notice.services.reading import left_in_page
from public_notice.services.watching import settle_days, tell_unwatched
from public_notice.stages import Finding

HOW = (
    "任何单位和个人对公示内容有异议的，可以在公示期内网上或者到窗口书面提出，"
    "写明事实、理由和联系方式；提出人的个人信息予以保密。"
)


def draft_notice(filing: Filing, *, at: datetime) -> Notice:
    """Return the notice as it would be published at an instant, unsaved: what the window sees before it acts.

    Raises NotNow where the period cannot be reckoned, or where a personal number would become public.
    """
    letter = filing.letter()
    draft = Notice(filing=filing, book=filing.book, letter=letter)
    start(draft, rules.NOTICE, at=at, rulebook=filing.rulebook, save=False)
    if draft.due_at is None:
        raise NotNow(
            [_("公示截止日落在尚未公布放假安排的年度，公示期算不出来：待放假安排公布后发布。")]
        )
    draft.starts_on, draft.ends_on = _first_day(at), last_day_of(draft.due_at)
    draft.content = admit(content_without(_content(filing, letter, draft, at), parts_for(filing)))
    draft.title = draft.content["title"][:200]
    if places := still_personal(draft.content) or _left_on_page(draft.content):
        raise NotNow(
            [
                _("公示内容里还有疑似身份证号或手机号码（%(where)s），不能发布：请先更正。")
                % {"where": "、".join(places)}
            ]
        )
    return draft


def _left_on_page(content: dict[str, Any]) -> list[str]:
    return [str(_("整页"))] if left_in_page(content) else []


@transaction.atomic
def publish_notice(filing: Filing, *, by: Membership, at: datetime) -> Notice:
    """发布承诺公示: the day of publication is not counted; the end is a date, and it closes by itself."""
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    if reasons := filing.why_not("publish"):
        raise NotNow(reasons)
    notice = draft_notice(filing, at=at)
    notice.paper = issue(
        "public_notice", notice.content, book=filing.book, kind="DOC17", by=by, at=at
    )
    notice.published_at, notice.published_by = at, by
    notice.save()
    make_findable(notice)
    keep_open(notice)
    feed(notice)
    notice.letter.published_at = at
    notice.letter.save()
    move(filing.publish, by=by, at=at, notice=notice.public_id)
    record(
        filing.book, "publish_notice", by=by, at=at, notice=notice.public_id, ends_on=notice.ends_on
    )
    assert notice.ends_on is not None
    until = {"day": lazy(date_long, str)(notice.ends_on)}
    tell_enterprise(filing, _("承诺已公示，公示期至%(day)s") % until, "noticed", at)
    return notice


def make_findable(notice: Notice, *, was: Iterable[str] = ()) -> None:
    """Keep by which words a notice is found."""
    NoticeText.objects.update_or_create(notice=notice, defaults=findable(notice, was))


def findable(notice: Notice, was: Iterable[str] = ()) -> dict[str, str]:
    """Return text and grams of a notice: what it says, its numbers (`was`), and what kind of industry it is."""
    industry = notice.filing.industry
    text = words_of(notice.content, notice.paper.number, industry.name if industry else "", *was)
    return {"text": text, "grams": " ".join(grams(text))}


def keep_open(notice: Notice) -> None:
    """Keep what a notice is in the open files: of what was frozen, which only a correction changes (0068)."""
    said = texts_of(notice.public_id, notice.title, notice.content)
    OpenText.objects.update_or_create(notice=notice, defaults=said)


def _first_day(at: datetime) -> Any:
    try:
        return calendar_at(at).next_working(timezone.localdate(at))
    except CalendarGap:
        return timezone.localdate(at)


def _gaps(filing: Filing) -> dict[str, str]:
    """Say that papers are still to come, how many and not which; nothing where none is."""
    missing = filing.gaps.exclude(state__in=GAP_OVER).count()
    text = f"本项目容缺受理，尚有{missing}件材料待补齐；补齐以前不发开工告知书。"
    return {"gaps_text": text} if missing else {}


def whole_content(notice: Notice) -> dict[str, Any]:
    """Return what a notice would say with nothing withheld: of its own letter, as of its publication."""
    at = notice.published_at
    assert at is not None
    return _content(notice.filing, notice.letter, notice, at)


@in_chinese
def _content(filing: Filing, letter: Letter, clock: Notice, at: datetime) -> dict[str, Any]:
    assert filing.rulebook is not None
    assert clock.due_at is not None
    contact = county().profile.get("contact", {})
    length = words.days_text(clock.length or 0, clock.unit)
    rows = letter.clauses.select_related(
        "item__item", "item__department", "checked_by"
    ).prefetch_related("checked_by__names")
    rule = value_of(filing.pinned_rulebook, rules.NOTICE.code)
    reply = value_of(filing.pinned_rulebook, rules.REPLY.code)
    return {
        **words.head(filing, at),
        "title": f"{filing.enterprise.name}“{filing.project_name}”承诺公示",
        "clauses": [
            {"item": c.item.item.name, "standard": c.text, "basis": c.standard,
             "check": words.WHEN.get(c.checked_when, "后续核查"), "department": words.department(c.checked_by, at)}
            for c in rows
        ],
        "declined": [
            {"item": i.item.name, "consequence": "按一般程序事先审批"}
            for i in filing.items.filter(declined=True).select_related("item")
        ],
        **_gaps(filing),
        "letter_number": letter.paper.number,
        "starts_text": date_text(_first_day(at)),
        "ends_text": date_text(last_day_of(clock.due_at)),
        "days_text": length,
        "count_rule": "发布当日不计入，自下一工作日起算；截止日24时前提出的异议均在期内。",
        "basis": words.rule_basis(filing.pinned_rulebook, rule),
        "objection": {
            "how": HOW,
            "phone": contact.get("telephone", ""),
            "address": contact.get("address_zh", ""),
            "email": contact.get("email", ""),
            "hotline": "12345",
        },
        "reply_text": f"收到异议即出具回执，并在{words.days_text(reply.number, reply.unit)}内答复；"
        "有异议未答复的，公示不结束。",
    }  # fmt: skip


@on_silence(rules.NOTICE)
def close_by_itself(notice: Notice, now: datetime) -> None:
    """期满: clean, the commitment takes its place and the start gate is looked at; contested, it waits for replies."""
    if settle_days(notice, now) and not notice.late(now):
        return  # a day of it did not count, and the end is later
    tell_unwatched(notice, now)
    assert notice.due_at is not None
    unanswered = notice.objections.filter(finding=Finding.OPEN).exists()
    if unanswered and notice.filing.stage not in ENDS:
        move(notice.expire_contested, by=system_actor(), at=notice.due_at)
    else:
        end_period(notice, by=system_actor(), at=notice.due_at)


def end_period(notice: Notice, *, by: Membership, at: datetime) -> None:
    """公示结束: nothing is unanswered and nothing was upheld; the notice of a case that has ended is taken down."""
    filing = Filing.objects.get(pk=notice.filing_id)
    if filing.stage in ENDS:
        reason = _("申报件已终结：%(stage)s") % {"stage": filing.get_stage_display()}
        move(notice.take_down, by=by, at=at, reason=reason)
        return
    notice = move(notice.close, by=by, at=at)  # type: ignore[assignment]
    if filing.stage == Stage.NOTICED:
        filing = move(filing.clear, by=by, at=at, notice=notice.public_id)  # type: ignore[assignment]
        filing.cleared_at = at
        filing.save()
        replace_by_commitment(filing, at)
        make_plan(filing, by=by, at=at)
        open_gate(filing, at)
        tell_enterprise(filing, _("公示期满，没有未决异议"), "cleared", at)
