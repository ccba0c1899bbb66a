"""默认情况通报: the supervisor drafts the month from the records, a second person reviews it, and then it is public."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.services import words
from core.deadlines.queries import rulebook_at, value_of
from core.ledger.services import county_book, lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.papers import date_text, in_chinese, issue, time_text
from core.steps.reasons import NotNow, require
from prereview.models import Opinion
from prereview.stages import Position
from public_notice import policies, rules
from public_notice.models import Bulletin
from public_notice.queries.bulletins import (
    bounds_of,
    first_of,
    period_of,
    recorded_in,
    taken_up,
    withdrawn_in,
)
from public_notice.queries.figure_words import beside_of
from public_notice.queries.figures import events_of, span_of
from public_notice.rules.figures import happened
from public_notice.rules.gate import BULLETIN, admit, still_personal
from public_notice.stages import BulletinState

UNKNOWN_MONTH = gettext_lazy("月份写成 2018-06 的样子。")


def draft_content(period: str, at: datetime) -> tuple[dict[str, Any], list[int]]:
    """Return what the bulletin of a month says, through the one gate, and the ids of the defaults in its order."""
    begins, ends = bounds_of(period)
    recorded = list(recorded_in(begins, ends))
    standing = [one for one in recorded if one.withdrawn_at is None or one.withdrawn_at >= ends]
    withdrawn = list(withdrawn_in(begins, ends))
    content = admit(_content(first_of(period), standing, withdrawn, at), BULLETIN)
    if places := still_personal(content):
        raise NotNow(
            [
                _("通报内容里还有疑似身份证号或手机号码（%(where)s），不能发布：请先更正。")
                % {"where": "、".join(places)}
            ]
        )
    return content, [one.pk for one in standing]


@in_chinese
def _content(
    first: date, standing: list[Opinion], withdrawn: list[Opinion], at: datetime
) -> dict[str, Any]:
    month = f"{first.year}年{first.month}月"
    totals = _totals(standing, withdrawn, at)
    return {
        "title": f"{month}默认情况通报",
        "month_text": month,
        "defaults": [{**_row(one, at), "made_up_text": _made_up(one)} for one in standing],
        "withdrawn": [
            {**_row(one, at), "withdrawn_text": time_text(one.withdrawn_at)}
            for one in withdrawn
            if one.withdrawn_at
        ],
        "totals": totals,
        "beside": beside_of(happened(events_of(span_of(period_of(first)), at))),
        "summary": _summary(month, len(standing), len(withdrawn)),
        "issuer": words.issuer(at),
    }


def _row(one: Opinion, at: datetime) -> dict[str, Any]:
    item = one.slot.item
    return {
        "department": words.department(one.slot.department, at),
        "item": f"{item.item.name}（{item.code}）" if item else "联合勘察记录",
        "kind": str(one.get_position_display()),
        "effective_text": time_text(one.effective_at),
    }


def _made_up(one: Opinion) -> str:
    made = getattr(one, "make_up", None)
    if made is None or made.done_at is None:
        return "未补做" if made is not None and made.escalated_at else "补做期内"
    return f"{date_text(timezone.localdate(made.done_at))}补做"


def _totals(
    standing: Iterable[Opinion], withdrawn: Iterable[Opinion], at: datetime
) -> list[dict[str, Any]]:
    """Return per department how many of each; what was withdrawn is counted apart."""
    count: Counter[tuple[str, str]] = Counter()
    for one in standing:
        name = words.department(one.slot.department, at)
        count[name, "timeout" if one.position == Position.DEEMED_TIMEOUT else "absence"] += 1
    for one in withdrawn:
        count[words.department(one.slot.department, at), "withdrawn"] += 1
    return [
        {"department": name, **{kind: str(count[name, kind]) for kind in ("timeout", "absence", "withdrawn")}}
        for name in sorted({name for name, _kind in count})
    ]  # fmt: skip


def _summary(month: str, standing: int, withdrawn: int) -> str:
    if not standing and not withdrawn:
        return f"{month}没有部门因超时或者缺席被视同无异议。"
    return (
        f"{month}认定默认{standing}项，撤回{withdrawn}项。视同无异议只让程序继续，不是同意；"
        "应办的审批仍由各部门依法办理。"
    )


@transaction.atomic
def draft_bulletin(*, period: str, by: Membership, at: datetime) -> Bulletin:
    """起草通报: of a month that is over and has none; what it says is frozen now."""
    permit(None, policies.supervisor, by=by, at=at)
    try:
        _begins, ends = bounds_of(period)
    except ValueError:
        raise ValidationError({"period": UNKNOWN_MONTH}) from None
    book = county_book()
    lock(book.pk)
    if at < ends:
        raise NotNow([_("这个月还没有结束，结束以后才能起草通报。")])
    if taken_up(period):
        raise NotNow([_("这个月的通报已经起草或者公开；退回的才可以重新起草。")])
    content, listed = draft_content(period, at)
    bulletin = Bulletin.objects.create(
        period=period, content=content, listed=listed, drafted_by=by, drafter=by.user, drafted_at=at
    )
    record(book, "draft_bulletin", by=by, at=at, bulletin=bulletin, period=period, defaults=listed)
    day = timezone.localdate(at)
    others = [*holders(Role.ADMINISTRATOR, day), *holders(Role.SUPERVISOR, day)]
    _say(
        bulletin, [x for x in others if x.user_id != by.user_id],
        _("%(month)s默认情况通报已起草，请审核"), "drafted", at,
    )  # fmt: skip
    return bulletin


@transaction.atomic
def review_bulletin(
    bulletin: Bulletin, *, approved: bool, by: Membership, at: datetime, note: str = ""
) -> Bulletin:
    """审核通报: by another person; passed it is numbered and, where the county publishes defaults, open to all."""
    permit(bulletin, policies.reviews_bulletins, by=by, at=at)
    book = county_book()
    lock(book.pk)
    bulletin = Bulletin.objects.get(pk=bulletin.pk)
    require(bulletin, policies.bulletin_is_drafted, policies.reviewed_by_another(by))
    if not approved and not note.strip():
        raise ValidationError({"note": _("退回的，请写明要改什么。")})
    public = value_of(rulebook_at(at), rules.BULLETIN_PUBLIC).value == "yes"
    bulletin.reviewed_by, bulletin.reviewer, bulletin.reviewed_at = by, by.user, at
    bulletin.note = note
    if approved:
        bulletin.state = BulletinState.PUBLISHED if public else BulletinState.KEPT_INSIDE
        bulletin.paper = issue(
            "default_bulletin", bulletin.content, book=book, kind="DOC52", by=by, at=at, public=public
        )  # fmt: skip
    else:
        bulletin.state = BulletinState.SENT_BACK
    bulletin.save()
    record(
        book, "publish_bulletin" if approved else "send_back_bulletin", by=by, at=at, bulletin=bulletin,
        period=bulletin.period, state=bulletin.state, note=note or None,
    )  # fmt: skip
    done = _("%(month)s默认情况通报已审核") if approved else _("%(month)s默认情况通报退回修改")
    _say(bulletin, [bulletin.drafted_by], done, "reviewed", at)
    return bulletin


def _say(
    bulletin: Bulletin, people: list[Membership], sentence: Any, occasion: str, at: datetime
) -> None:
    tell(
        people,
        sentence % {"month": bulletin.period},
        about=f"bulletin:{bulletin.pk}:{occasion}",
        at=at,
        link="/bulletin-desk/",
    )
