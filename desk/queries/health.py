"""Whether the house is well: what a machine asks every minute, and the same in words for the administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import County
from core import clock
from core.deadlines.due import provisional
from core.deadlines.models import RuleValue
from core.deadlines.queries import NoEdition, rulebook_at
from core.deadlines.rules import RULES
from core.documents import belonging
from core.documents.models import Attachment, Paper, StoreSweep
from core.documents.stages import Scan
from core.ledger.checkpoints import newest
from core.ledger.keys import has_key
from core.ledger.models import Book, Entry
from core.notify.models import Message, Sending
from core.steps.templatetags.look import date_long
from desk.queries.calendars import reach
from desk.rules.pack import LACKING, lacking_in_words
from desk.rules.usage import READ

State = Literal["ok", "warn", "bad"]
STATES: tuple[State, ...] = ("ok", "warn", "bad")
SLOW = timedelta(minutes=15)  # the ticker comes every few seconds; a timer every minute
STUCK = timedelta(hours=1)
UNSWEPT = timedelta(days=2)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its name for machines and for people, how it is, and what that means."""

    name: str
    label: Any
    state: State
    said: str


def _calendar(at: datetime) -> Check:
    """The days of next year are law that comes late in the year: it is asked for in time."""
    name, label = "calendar", gettext_lazy("工作日日历")
    found = reach(at)
    if found is None or found.left < 0:
        return Check(name, label, "bad", _("现在没有可用的日历：没有期限能够计算，也不会有默认。"))
    said = {
        "last": date_long(found.last), "days": found.left, "year": found.last.year + 1,
        "open": provisional(),
    }  # fmt: skip
    if found.short:
        text = _(
            "日历到%(last)s为止，还有%(days)d天；%(open)d个期限没有日期。请载入%(year)d年的放假安排。"
        )
        return Check(name, label, "warn", text % said)
    text = _("日历到%(last)s为止；%(open)d个期限没有日期。")
    return Check(name, label, "ok", text % said)


def _sweep(at: datetime) -> Check:
    late = Book.objects.filter(next_due__lt=at - SLOW).count()
    text = _("%(count)d个账簿到时没有巡查：检查后台任务是否在运行。") if late else _("到期的都已处理。")  # fmt: skip
    return Check(
        "sweep", gettext_lazy("期限巡查"), "warn" if late else "ok", text % {"count": late}
    )


def _projection(at: datetime) -> Check:
    """Books that no pass has yet counted by the newest calendar."""
    label, found = gettext_lazy("按新日历重算"), reach(at)
    behind = Book.objects.filter(counted_by__lt=found.edition.number).count() if found else 0
    text = _("未结束的期限都按最新的日历计算。")
    if behind:
        text = _("%(count)d个账簿还没有按最新的日历重算。")
    return Check("projection", label, "warn" if behind else "ok", text % {"count": behind})


def _clock(at: datetime) -> Check:
    """No act is written before the last one; where the clock has gone back, nothing goes on until it is put right."""
    last = Entry.objects.order_by("-pk").values_list("entered_at", flat=True).first()
    label = gettext_lazy("系统时钟")
    if last is None or last <= at + clock.WRONG or not clock.is_own():
        return Check("clock", label, "ok", _("时钟不早于台账。"))
    text = _("台账的最后一条记录（%(last)s）晚于现在的时钟：校对时钟之前不能办理。")
    return Check(
        "clock", label, "bad", text % {"last": f"{timezone.localtime(last):%Y-%m-%d %H:%M:%S}"}
    )


def _outbox(at: datetime) -> Check:
    long_ago = {"created_at__lt": at - STUCK}
    stuck = Message.objects.filter(sent_at=None, **long_ago).count()
    letters = Q(failed_at__isnull=False) | (Q(next_at__isnull=False, **long_ago) & ~Q(error=""))
    stuck += Sending.objects.filter(letters).count()
    text = _("%(count)d条消息没有发出：检查邮件服务。") if stuck else _("消息都已发出。")
    return Check("outbox", gettext_lazy("消息"), "warn" if stuck else "ok", text % {"count": stuck})


def _papers(at: datetime) -> Check:
    """A paper that nobody can open is in force all the same: its limits run, so one that failed is told at once."""
    failed = Paper.objects.exclude(failure="").order_by("pk").values_list("number", flat=True)
    if failed:
        text = _(
            "%(count)d件文书成文失败（最早的：%(number)s），打不开，而期限照常计算：排除原因，在文书页上再次成文。"
        )
        said = {"count": len(failed), "number": failed[0]}
        return Check("papers", gettext_lazy("文书"), "bad", text % said)
    late = Paper.objects.filter(rendered_at=None, issued_at__lt=at - SLOW).count()
    text = _("%(count)d件文书没有成文。") if late else _("文书都已成文。")
    return Check("papers", gettext_lazy("文书"), "warn" if late else "ok", text % {"count": late})


def _files(at: datetime) -> Check:
    """A file that waits for the scanner is opened by nobody, so the case stands still at the window."""
    waiting = Attachment.objects.filter(scan=Scan.WAITING, uploaded_at__lt=at - SLOW).count()
    text = _("%(count)d个文件等待查毒：检查查毒服务。") if waiting else _("没有文件等待查毒。")
    state: State = "warn" if waiting else "ok"
    return Check("files", gettext_lazy("上传的文件"), state, text % {"count": waiting})


def _store(at: datetime) -> Check:
    """Files that nobody names: how many the last look found, and whether there was one at all."""
    label = gettext_lazy("文件库")
    last = StoreSweep.objects.order_by("-at").first()
    if last is None or last.at < at - UNSWEPT:
        begun = Attachment.objects.filter(uploaded_at__lt=at - UNSWEPT).exists()
        text = _("两天没有清扫无主文件：检查后台任务是否在运行。") if begun else _("还没有要清扫的文件。")  # fmt: skip
        return Check("store", label, "warn" if begun else "ok", text)
    if why := _why_not_swept(last):
        return Check("store", label, "warn", why)
    said = {"looked": last.looked, "removed": last.removed, "left": last.left}
    text = _("上次清扫看了%(looked)d个文件，清除无主文件%(removed)d个，%(left)d个清除不了。") % said
    return Check("store", label, "warn" if last.left else "ok", text)


def _why_not_swept(last: StoreSweep) -> str:
    """Return why the last look took nothing: another county's store, nobody's, or too much in it that is lost."""
    if not last.left:
        return ""
    kept = belonging.kept_name()
    if kept != belonging.county_name():
        return belonging.other_county() if kept else belonging.unmarked()
    if not last.removed and belonging.too_many(last.left, last.looked):
        return belonging.why_too_many(last.left, last.looked)
    return ""


def _checkpoints(at: datetime) -> Check:
    """What is not attested outside can be rewritten inside, so a missing key or a missing day is said."""
    name, label, last = "checkpoints", gettext_lazy("台账检查点"), newest()
    if not has_key():
        return Check(name, label, "warn", _("没有签名密钥，不能生成检查点：运行安装程序。"))
    if last is None or last.made_at < at - UNSWEPT:
        begun = bool(last) or Entry.objects.filter(entered_at__lt=at - UNSWEPT).exists()
        text = _("两天没有生成检查点：检查后台任务和签名密钥。") if begun else _("还没有检查点。")
        return Check(name, label, "warn" if begun else "ok", text)
    text = _("最近的检查点是第%(number)d号，见证%(size)d条。")
    return Check(name, label, "ok", text % {"number": last.number, "size": last.size})


def _pack(at: datetime) -> Check:
    """A county whose pack is from before a table or a rule works on without it, and is told what it goes without."""
    label, county = gettext_lazy("县规则包"), County.objects.first()
    files = county.profile.get(LACKING, ()) if county else ()
    codes = _rules_lacking(at)
    said = [*lacking_in_words(files)]
    if codes:
        text = _("规则簿没有%(codes)s：依这些规则办理的事项没有期限或者不能办理；补上后再载入。")
        said.append(text % {"codes": _("、").join(codes)})
    if said:
        return Check("pack", label, "warn", " ".join(said))
    return Check("pack", label, "ok", _("县包齐全：各表和规则都有。"))


def _rules_lacking(at: datetime) -> list[str]:
    """Return the rows that the system goes by and that the rulebook in force has not, by code."""
    try:
        edition = rulebook_at(at)
    except NoEdition:
        return []
    there = RuleValue.objects.filter(edition=edition).values_list("code", flat=True)
    return sorted({*READ, *RULES} - {*there})


CHECKS: tuple[Callable[[datetime], Check], ...] = (
    _clock,
    _calendar,
    _projection,
    _sweep,
    _outbox,
    _papers,
    _files,
    _store,
    _checkpoints,
    _pack,
)


def checks(at: datetime) -> list[Check]:
    """Look at everything once; a database that does not answer raises its own error."""
    return [look(at) for look in CHECKS]


def worst(found: list[Check]) -> State:
    """Return the worst state of all."""
    return max((check.state for check in found), key=STATES.index, default="ok")
