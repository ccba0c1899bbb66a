"""What else waits in a demonstration: requests for disclosure, and the quarter's draw; marked as invented."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from core import clock
from core.ledger.checkpoints import make_checkpoint
from core.ledger.keys import has_key
from desk.services.replay.make import before
from inspection.models import Draw
from inspection.services import draw_random_checks
from inspection.services.pledges import announce_in_time
from public_notice.models import Disclosure
from public_notice.services import (
    answer_disclosure,
    confirm_disclosure,
    register_disclosure,
    request_disclosure,
)
from public_notice.stages import Applicant, DisclosureChannel, Result, Wanted

ASKS: dict[str, Any] = {
    "name": "示例申请人", "identity": "示例证件，不是真实号码", "contact": "示例路2号（示例）",
    "applicant": Applicant.PERSON, "form": Wanted.ELECTRONIC,
}  # fmt: skip


def ask_for_disclosure(as_of: datetime) -> None:
    """Leave three requests: one answered, one whose answer is due, one that is still to be confirmed."""
    moment = before(as_of)
    answered = _at_the_counter(
        "示例申请：上一年度联合预审会的次数和审议项目数。", moment("-12 09:20")
    )
    reply = (
        "示例答复：全年的次数和项目数见“统计”页面，各次会议的日期见“公示和公开”，现告知获取方式。"
    )
    _answer(answered, Result.PUBLISHED, reply, moment("-8 15:10"))
    waiting = _by_web("示例申请：某类项目勘察记录中与场地排水有关的内容。", moment("-6 19:40"))
    with clock.driven(confirmed := moment("-5 10:05")):
        confirm_disclosure(waiting, by=_window(confirmed), at=confirmed)
    _by_web("示例申请：容缺受理的次要材料清单是怎样确定的。", moment("-1 20:15"))


def _by_web(wanted: str, at: datetime) -> Disclosure:
    with clock.driven(at):
        return request_disclosure(**ASKS, wanted=wanted, at=at)


def _at_the_counter(wanted: str, at: datetime) -> Disclosure:
    with clock.driven(at):
        return register_disclosure(
            **ASKS, wanted=wanted, channel=DisclosureChannel.COUNTER, by=_window(at), at=at
        )


def _answer(asked: Disclosure, result: Result, reply: str, at: datetime) -> None:
    with clock.driven(at):
        answer_disclosure(asked, result=result, reply=reply, by=_window(at), at=at)


def _window(at: datetime) -> Membership:
    return holders(Role.WINDOW, timezone.localdate(at)).order_by("pk")[0]


def draw_checks(as_of: datetime) -> Draw:
    """Draw this quarter's random checks among what is under construction; by lot, so in every demonstration anew."""
    by = holders(Role.CONVENOR, timezone.localdate(as_of)).order_by("pk")[0]
    announced, attested = as_of - timedelta(hours=2), as_of - timedelta(hours=1)
    with clock.driven(announced):
        announce_in_time(announced)
    if has_key():  # the seed is mixed with the first checkpoint after the announcement
        with clock.driven(attested):
            make_checkpoint(attested)
    with clock.driven(as_of):
        return draw_random_checks(by=by, at=as_of)
