"""代办: an enterprise lets a person of another organisation act for it, in one filing or in all, from a day to a day.

Nothing of a grant is changed later: it runs out by itself, or is ended once, with a reason. Whether an agent may act is
asked in `approvals.policies`, of pages and programs alike, on the day of each act.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from accounts.stages import Role
from approvals import policies
from approvals.models import Authority, Filing
from approvals.queries import rule_value
from approvals.services.drafts import is_enterprise
from approvals.services.standing import enterprise_book
from approvals.stages import ENDS, Attorney, Power, Stage
from core.deadlines.calendar import Calendar, CalendarGap
from core.documents.services import keep
from core.ledger.models import Book
from core.ledger.services import lock, record
from core.notify.models import Message
from core.notify.services import letters, tell
from core.notify.words import said as _
from core.steps.moves import locked, permit
from core.steps.reasons import NotNow, need_words, require
from core.steps.templatetags.look import date_long

ATTORNEY = "P62"  # whether the scan of the power of attorney must be there
DAY = lazy(date_long, str)  # a message is written in both languages, its dates too


@dataclass(frozen=True)
class Grant:
    """What an enterprise grants: to whom, from which day to which, both included, and for what."""

    agent: Membership
    valid_from: date
    valid_to: date
    powers: tuple[str, ...] = (Power.FILL,)
    upload: UploadedFile | None = None


def wants_attorney(filing: Filing | None, at: datetime) -> bool:
    """Tell whether the county wants the power of attorney with every authority; an older rulebook wants it.

    For one filing by its rulebook, for all filings by the one in force.
    """
    found = rule_value(filing or Filing(), ATTORNEY, at)
    return found is None or found[1].value == Attorney.REQUIRED


@transaction.atomic
def grant_authority(filing: Filing, *, by: Membership, at: datetime, **grant: Any) -> Authority:
    """授权代办: by the enterprise itself; `grant` are the fields of Grant. The agent is told."""
    filing, given = locked(filing), Grant(**grant)
    permit(filing, policies.enterprise_itself, by=by, at=at)
    require(filing, policies.not_ended)
    made = Authority(filing=filing)
    _give(made, given, filing.book, by=by, at=at)
    told = _("%(project)s：%(enterprise)s授权您代办，%(from)s至%(until)s")
    _tell(made, told, f"authority:{made.pk}", at)
    return made


@transaction.atomic
def grant_for_all(*, by: Membership, at: datetime, **grant: Any) -> Authority:
    """授权代办全部申报件: one document for every filing of the enterprise, those to come too; in its own book."""
    given = Grant(**grant)
    permit(None, is_enterprise, by=by, at=at)
    (book,) = lock(enterprise_book(by.organisation).pk)
    made = Authority(enterprise=by.organisation)
    _give(made, given, book, by=by, at=at)
    told = _("%(enterprise)s授权您代办其全部申报件，%(from)s至%(until)s")
    _tell(made, told, f"authority:{made.pk}", at)
    return made


def _give(made: Authority, given: Grant, book: Book, *, by: Membership, at: datetime) -> None:
    """Write down what is granted, with its power of attorney; the caller holds the book."""
    if faults := _faults(made, given, at):
        raise ValidationError(faults)
    scan = keep(given.upload, book=book, by=by, at=at) if given.upload else None
    made.agent, made.scan = given.agent, scan
    made.valid_from, made.valid_to = given.valid_from, given.valid_to
    for power in Power.values:
        setattr(made, f"may_{power}", power in given.powers)
    made.granted_by, made.granted_at = by, at
    more = {"sha256": scan.sha256} if scan else {}
    if made.filing is None:
        more["scope"] = "all"
    record(
        book, "grant_authority", by=by, at=at, agent=given.agent, valid_from=given.valid_from,
        valid_to=given.valid_to, powers=sorted(given.powers), **more,
    )  # fmt: skip
    made.save()


def _faults(made: Authority, given: Grant, at: datetime) -> dict[str, Any]:
    """Return by field what stands against a grant."""
    today = timezone.localdate(at)
    rules = (
        ("agent", _against_agent(made.principal, given.agent, today)),
        ("agent", _against_overlap(made, given)),
        ("valid_from", given.valid_from < today and _("授权不能倒签：起始日不早于今天。")),
        ("valid_to", given.valid_to < given.valid_from and _("截止日不能早于起始日。")),
        ("powers", not given.powers and _("请选择授权代办的事项。")),
        ("powers", not set(given.powers) <= set(Power.values) and _("没有这样的授权事项。")),
        ("upload", given.upload is None and _no_attorney(made.filing, given, at)),
    )
    return {name: said for name, said in reversed(rules) if said}


def _no_attorney(filing: Filing | None, given: Grant, at: datetime) -> str:
    if Power.SIGN in given.powers:
        return _("签署等事项须特别授权：请上传写明该项授权的授权委托书。")
    return _("请上传授权委托书扫描件。") if wants_attorney(filing, at) else ""


def _against_agent(principal: Organisation, agent: Membership, today: date) -> str:
    if agent.organisation_id == principal.pk:
        return _("这是本企业自己的人，不用授权；要换人负责，请办理移交。")
    if agent.role != Role.ENTERPRISE:
        return _("窗口、部门和监督人员不能代办：自己办的不能自己收、自己审。")
    if not agent.valid_on(today) or not agent.user.is_active:
        return _("这个人已经不在代办单位任职，不能代办。")
    return ""


def _against_overlap(made: Authority, given: Grant) -> str:
    """Refuse a second one of the same reach; one for all filings and one for a single filing add up."""
    same = Authority.objects.filter(filing=made.filing, enterprise=made.enterprise)
    known = same.of(given.agent).filter(ended_at=None)
    found = known.filter(valid_from__lte=given.valid_to, valid_to__gte=given.valid_from).first()
    if found is None:
        return ""
    return _("已经授权给他，到%(day)s为止：请先终止，或者从次日起授权。") % {
        "day": DAY(found.valid_to)
    }


@transaction.atomic
def end_authority(authority: Authority, *, reason: str, by: Membership, at: datetime) -> Authority:
    """终止授权: by the enterprise, or laid down by the agent; from this moment on the agent does nothing more."""
    need_words(reason)
    (book,) = lock(_book_of(authority).pk)
    authority = Authority.objects.select_related(
        "filing__enterprise", "enterprise", "agent__user", "agent__organisation"
    ).get(pk=authority.pk)
    permit(authority, policies.ends_authority, by=by, at=at)
    if authority.ended_at is not None or timezone.localdate(at) > authority.valid_to:
        raise NotNow([_("这项授权已经终止或者届满。")])
    record(book, "end_authority", by=by, at=at, agent=authority.agent, reason=reason.strip())
    authority.ended_at, authority.ended_by, authority.ended_because = at, by, reason.strip()
    authority.save(update_fields=["ended_at", "ended_by", "ended_because"])
    told = _("%(project)s：%(enterprise)s对%(agent)s的代办授权已终止")
    if authority.filing is None:
        told = _("%(enterprise)s对%(agent)s的代办授权（全部申报件）已终止")
    _tell(authority, told, f"authority:{authority.pk}:ended", at)
    return authority


def remind_of_authorities(now: datetime, calendar: Calendar, days: int | None) -> list[Message]:
    """Return what is said before authorities run out: to the agent, and to the enterprise that can renew them.

    `days` are the working days before the last one (P63); none where the county took the reminder out.
    """
    if days is None:
        return []
    today = timezone.localdate(now)
    running = (
        Authority.objects.on(today)
        .filter(valid_to__lte=reach(calendar, today, days))
        .exclude(filing__isnull=False, filing__stage__in=(*ENDS, Stage.COMPLETED))
        .select_related("filing__enterprise", "enterprise", "agent__user", "agent__organisation")
    )
    made: list[Message] = []
    for one in running:
        words = _(
            "%(project)s：对%(agent)s的代办授权到%(until)s为止，次日起不能再代办；要继续，请企业重新授权"
        )
        if one.filing is None:
            words = _(
                "%(enterprise)s对%(agent)s的代办授权（全部申报件）到%(until)s为止，次日起不能再代办；要继续，请企业重新授权"
            )
        made += letters(
            _parties(one, today), words % _names(one), about=f"authority:{one.pk}:ends", at=now,
            link=_page(one),
        )  # fmt: skip
    return made


def reach(calendar: Calendar, today: date, days: int) -> date:
    """Return the last day of which somebody is reminded on a day, so many working days before it."""
    try:
        return calendar.add_working(today, days)
    except CalendarGap:  # the calendar ends: natural days remind rather too early than not
        return today + timedelta(days=days)


def _parties(one: Authority, on: date) -> list[Membership]:
    """Return who is told of an authority: the enterprise's people, and the agent while they are in office."""
    in_office = one.agent.valid_on(on) and one.agent.user.is_active
    return [*([one.agent] if in_office else []), *people_of([one.principal.pk], on)]


def _names(one: Authority) -> dict[str, Any]:
    return {
        "project": str(one.filing or ""),
        "enterprise": one.principal.name,
        "agent": str(one.agent.user),
        "from": DAY(one.valid_from),
        "until": DAY(one.valid_to),
    }


def _page(one: Authority) -> str:
    return f"/cases/{one.filing.public_id}/people/" if one.filing else "/agents/"


def _book_of(one: Authority) -> Book:
    """Return the book in which an authority stands: its filing's, or the enterprise's own."""
    return one.filing.book if one.filing else enterprise_book(one.principal)


def _tell(one: Authority, words: Any, occasion: str, at: datetime) -> None:
    people = _parties(one, timezone.localdate(at))
    tell(people, words % _names(one), about=occasion, at=at, link=_page(one))
