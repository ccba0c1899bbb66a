"""The parts that papers of this desk share: who issues, which project, which enterprise, and in what words."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Organisation
from accounts.once import once
from accounts.queries import county, with_names
from approvals.models import ChecklistItem, Filing
from approvals.queries.project import coordinates_of, industry_of
from approvals.rules.citing import in_words
from core.deadlines.calendar import Calendar
from core.deadlines.counting import first_day, last_day_of
from core.deadlines.models import RulebookEdition, Timed
from core.deadlines.queries import Value, calendar_of, explain, value_of
from core.steps.papers import date_text

WEEKDAYS = "一二三四五六日"
WHEN = {
    "construction": gettext_noop("建设期间核查"),
    "acceptance": gettext_noop("竣工验收时核查"),
}
VALIDITY = "本承诺书自公示期满之日起生效，至项目联合验收合格之日止。"
BRANCH = "分局"  # of a city's bureau
UNITS = {"working_day": "个工作日", "natural_day": "日", "day": "日", "month": "个月"}


@once
def issuer(at: datetime) -> dict[str, str]:
    """Return the window bureau under the name it had, with the contact lines of the county pack."""
    here = county()
    contact = here.profile.get("contact", {})
    with_names([here.window])
    return {
        "name": here.name + here.window.name_on(timezone.localdate(at)),
        "contact": contact.get("person_zh") or "综合窗口（示例）",
        "phone": contact.get("telephone", ""),
        "supervision_phone": contact.get("supervision_telephone", ""),
        "address": contact.get("address_zh", ""),
    }


def issued_by(organisation: Organisation, at: datetime) -> dict[str, str]:
    """Return a department as the one that issues, with its own contact where it has one, else the window's."""
    shared = issuer(at)
    return {
        **shared,
        "name": with_county(department(organisation, at)),
        "code": organisation.code,  # whose seal it waits for
        "contact": organisation.contact or shared["contact"],
        "phone": organisation.phone or shared["phone"],
    }


def with_county(name: str) -> str:
    """Return an office's name with the county's before it, where it does not stand alone: a branch names its city."""
    here = county().name
    return name if here in name or name.endswith(BRANCH) else here + name


def office_in_english(code: str) -> str:
    """Return the office of a code in English, with its county; the window bureau without a code."""
    here = county()
    office = Organisation.objects.filter(code=code).first() if code else here.window
    return f"{(office or here.window).name_en}, {here.name_en}"


def money(wan: Decimal | None) -> str:
    """Return an amount in 万元 without needless zeros."""
    return f"{(wan or Decimal(0)).normalize():f}万元"


def place(filing: Filing) -> str:
    """Return the site down to the village."""
    return f"{county().name}{filing.site.name if filing.site else ''}{filing.site_detail}"


def project(filing: Filing) -> dict[str, str]:
    """Return the project as papers name it."""
    return {
        "code": filing.project_code or "尚未赋码",
        "name": filing.project_name,
        "location": place(filing),
        "scale": filing.scale,
        "investment_text": money(filing.investment_wan),
        **{name: said for name, said in _known(filing).items() if said},
    }


def _known(filing: Filing) -> dict[str, str]:
    """Return what is said of a project where the enterprise has said it; papers leave out what is blank."""
    return {
        "industry_text": industry_of(filing),
        "nature_text": filing.construction_nature and str(filing.get_construction_nature_display()),
        "works_text": filing.works_kind and str(filing.get_works_kind_display()),
        "coordinates_text": coordinates_of(filing),
    }


def enterprise(filing: Filing) -> dict[str, str]:
    """Return the enterprise as papers name it."""
    return {"name": filing.enterprise.name, "uscc": filing.enterprise.uscc}


@once
def head(filing: Filing, at: datetime) -> dict[str, Any]:
    """Return the parts that stand on every paper of a filing."""
    return {"project": project(filing), "enterprise": enterprise(filing), "issuer": issuer(at)}


@once
def department(organisation: Organisation, at: datetime) -> str:
    """Return a department's name as it was on the day."""
    return organisation.name_on(timezone.localdate(at))


def local_day(at: datetime) -> date:
    """Return the day of an instant in the county's zone."""
    return timezone.localdate(at)


def days_text(length: int, unit: str) -> str:
    """Return a length with its unit: 3个工作日."""
    return f"{length}{UNITS.get(unit, '日')}"


def counted_in(limit: Timed) -> str:
    """Return the unit in which the days of a stopped limit are told: those of months are days of the calendar."""
    return "natural_day" if limit.unit == "month" else limit.unit


def statutory_limit(item: ChecklistItem) -> str:
    """Return the statutory limit of an item in words."""
    days = item.item.statutory_days
    return days_text(days, item.item.statutory_unit) if days else "法律未规定期限"


def promised_limit(item: ChecklistItem) -> str:
    """Return the promised limit of an item in words; a reference from another place is not passed off as ours."""
    days = item.item.promised_days
    return f"{days}个工作日（参考）" if days else "待县公布"


KINDS = {
    "start": "起算日", "counted": "工作日", "weekend": "周末", "holiday": "放假", "makeup": "调休上班",
    "rolled": "顺延", "suspended": "中止", "shut": "窗口关门后交来",
}  # fmt: skip


def day_table(limit: Timed) -> list[dict[str, str]]:
    """Return the day table of a limit as papers print it: each day, counted or not, and why."""
    if limit.started_at is None or limit.provisional:
        return []
    came = getattr(limit, "came_at", None)
    if limit.calendar is None or limit.length is None or limit.interrupted or came:
        return day_rows(explain(limit))
    calendar = calendar_of(limit.calendar)
    return _counted(calendar, first_day(limit, calendar), limit.length, limit.unit)


@once
def _counted(calendar: Calendar, first: date, length: int, unit: str) -> list[dict[str, str]]:
    return day_rows(calendar.explain(first, length, unit))


def day_rows(rows: Iterable[Any]) -> list[dict[str, str]]:
    """Return the rows of a day table as papers print them."""
    return [
        {
            "date_text": date_text(row.date),
            "weekday": f"星期{WEEKDAYS[row.date.weekday()]}",
            "kind": _kind(row),
            "counted": f"第{row.number}日" if row.number else "不计",
        }
        for row in rows
    ]


def _kind(row: Any) -> str:
    kind = KINDS.get(row.mark, row.mark)
    if row.mark == "suspended" and row.name:
        return f"{kind}：{row.name}"
    if row.mark == "makeup" and row.name:
        return f"{row.name}{kind}"
    return row.name or kind


def stop_basis(rulebook: RulebookEdition, value: Value, clause: str) -> str:
    """Return what a suspension rests on: the article of the special law first, where the kind wants one."""
    rule = rule_basis(rulebook, value)
    return f"{in_words(clause.strip())}；{rule}" if clause.strip() else rule


def last_day_text(limit: Timed) -> str:
    """Return the last day of a limit in words; no date where the calendar ends."""
    return date_text(last_day_of(limit.due_at)) + "24时" if limit.due_at else "待放假安排公布后确定"


SUIT = "P156"  # the months in which suit is brought (行政诉讼法 46)


def suit(book: RulebookEdition) -> str:
    """Return until when suit is brought, by a rulebook; by the one in force where that one is older than the row."""
    within = f"{months}个月内" if (months := suit_months(book)) else "在法定期限内"
    return (
        f"自知道之日起{within}依法向人民法院提起行政诉讼（《中华人民共和国行政诉讼法》第四十六条）"
    )


def suit_months(book: RulebookEdition) -> int | None:
    """Return the months in which suit is brought; None where neither the rulebook nor the newest says.

    The law gives them, whatever edition a case is pinned to: an edition older than the row does not take them away.
    """
    with suppress(KeyError):
        return value_of(book, SUIT).number
    with suppress(KeyError):
        return value_of(RulebookEdition.objects.order_by("-number")[0], SUIT).number
    return None


def review(days: int, office: Organisation | None = None, at: datetime | None = None) -> str:
    """Return of whom review is asked, and until when; the authority has to be named (行政复议法 20, 24).

    The county's government reviews its own offices. Of an `office` that is led from above at an instant it is not named
    as the one: a branch of a city's bureau goes by article 24, what is led vertically by article 27.
    """
    within = f"自知道之日起{days}日内依法向"
    if office is not None and at is not None and office.led_from_above(timezone.localdate(at)):
        return (
            f"{within}对该机关有管辖权的复议机关申请行政复议"
            "（《中华人民共和国行政复议法》第二十条、第二十四条、第二十七条）"
        )
    return f"{within}{county().name}人民政府申请行政复议（《中华人民共和国行政复议法》第二十条、第二十四条）"


def review_of_window(days: int, at: datetime) -> str:
    """Return of whom review of what the window answers is asked: by what its own bureau is, as for any office."""
    return review(days, county().window, at)


def rule_basis(rulebook: RulebookEdition, value: Value) -> str:
    """Return what a number rests on: the county's rule by edition and clause, and the statute where it has one."""
    rule = f"县企业投资项目承诺制办事规则（第{rulebook.number}版）第{value.code}条"
    own = value.basis.startswith("县级规定")
    return rule if own else f"{rule}；{in_words(value.basis)}"
