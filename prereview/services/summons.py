"""The summons of one department: what it is asked, the dossier it is given, the warning, and the invitation."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.functional import lazy

from accounts.asked import Asked
from accounts.models import Membership, Organisation
from accounts.once import reading_once, shared
from accounts.queries import in_office, people_of
from approvals.models import Filing, MaterialFile
from approvals.queries import files_kept_back
from approvals.stages import Channel
from core.composed import listed, piece, put_together
from core.deadlines.services import feed_all, start_all
from core.documents.models import Paper
from core.ledger.rules import canonical
from core.ledger.services import Act, record_all
from core.notify.services import Occasion, letters_of, put, tell
from core.notify.words import said as _
from core.rows import write_all
from core.sets import made
from core.steps.templatetags.look import moment
from prereview import rules
from prereview.models import (
    AddedDepartment,
    AgendaItem,
    Invitation,
    Session,
    Slot,
    SummonsAttempt,
)
from prereview.services.agenda import asked_just_now
from prereview.services.calendar_entries import calendar_of
from prereview.stages import SessionKind

_moment = lazy(moment, str)


def what(session: Session) -> Any:
    """Return the session in one line: what it is, when, where; in whatever language it is said."""
    return _("%(kind)s通知：%(when)s，%(place)s") % {
        "kind": SessionKind(session.kind).label, "when": _moment(session.opens_at), "place": session.place,
    }  # fmt: skip


# — the dossier ————————————————————————————————————————————————————————————————————


def _content(filing: Filing) -> dict[str, Any]:
    """Return what there is of a filing for its departments: papers and handed-in files, each with its digest."""
    kept_back = files_kept_back(filing)
    return {
        "papers": [
            dict(zip(("code", "number", "title", "sha256"), paper, strict=True))
            for paper in _papers(filing.book_id)
        ],
        "files": [
            dict(zip(("id", "material", "name", "sha256", "size", "items"), file, strict=True))
            for file in _files(filing.pk)
            if file[0] not in kept_back
        ],
    }


@Asked
def _papers(book: int) -> QuerySet[Any]:
    papers = Paper.objects.filter(book_id=book).order_by("pk")
    return papers.values_list("code", "number", "title", "content_sha256")


@Asked
def _files(filing: int) -> QuerySet[Any]:
    kept = MaterialFile.objects.filter(material__filing=filing, version=F("material__version"))
    return kept.order_by("material_id", "place").values_list(
        "attachment_id", "material__name", "attachment__name", "attachment__sha256",
        "attachment__size", "material__item_codes",
    )  # fmt: skip


def dossiers(
    session: Session, agenda: Sequence[AgendaItem] = ()
) -> dict[int, list[dict[str, Any]]]:
    """Return by department what a session's dossier holds: its filings, the items it is asked on, papers and files.

    `agenda` is all of it, where it is at hand.
    """
    asked: dict[int, dict[int, list[dict[str, Any]]]] = defaultdict(dict)
    new = [_asked_by(slot) for slot in asked_just_now(agenda)]
    for department, filing, code, name in new or _asked_on(session.pk):
        items = asked[department].setdefault(filing, [])
        items += [] if code is None else [{"code": code, "name": name}]
    filings = {filing.pk: filing for filing in [a.filing for a in agenda] or _filings(session.pk)}
    heard = {pk for of_filings in asked.values() for pk in of_filings}
    contents = {pk: piece(_content(filings[pk])) for pk in filings if pk in heard}
    return {
        department: listed(
            put_together(
                piece(
                    {
                        "filing": filings[pk].number,
                        "project": filings[pk].project_name,
                        "items": items,
                    }
                ),
                contents[pk],
            )
            for pk, items in of_filings.items()
        )
        for department, of_filings in asked.items()
    }


def _asked_by(slot: Slot) -> tuple[Any, ...]:
    named = (slot.item.code, slot.item.item.name) if slot.item else (None, None)
    return (slot.department_id, slot.filing_id, *named)


@Asked
def _asked_on(session: int) -> QuerySet[Any]:
    slots = Slot.objects.in_play().filter(agenda__session=session).order_by("agenda__order", "pk")
    return slots.values_list("department_id", "filing_id", "item__code", "item__item__name")


@Asked
def _filings(session: int) -> QuerySet[Filing]:
    return Filing.objects.filter(agenda_items__session=session).order_by("agenda_items__order")


def dossier_of_case(filing: Filing) -> list[dict[str, Any]]:
    """Return the dossier of a visit on which nobody is asked for an opinion: the whole file of one case."""
    return [
        {"filing": filing.number, "project": filing.project_name, "items": [], **_content(filing)}
    ]


def _by_content(case: dict[str, Any]) -> dict[str, Any]:
    """Leave out by what key a file is kept here: its name and its digest say which it is."""
    return {**case, "files": _named(case["files"])}


def _named(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def named() -> tuple[Any, Any]:
        names = [{what: value for what, value in one.items() if what != "id"} for one in files]
        return names, files  # kept, so that nothing else has its place meanwhile

    return shared((_named, id(files)), named)[0]  # type: ignore[no-any-return]


def digest(manifest: Any) -> str:
    """Return the SHA-256 of a dossier's list: it holds that of each paper and file, so it stands for all of them."""
    cases = all(isinstance(case, dict) for case in manifest)
    text = listed(map(_by_content, manifest)).text if cases else canonical(manifest)
    return hashlib.sha256(text.encode()).hexdigest()


def call_off(summons: Invitation, at: datetime) -> None:
    """Tell a department that a session is not held, or not with it; its calendar takes the date out."""
    session = summons.session
    tell(
        people_of([summons.department_id], timezone.localdate(at)),
        _("取消：%(what)s") % {"what": what(session)},
        about=f"cancelled:{session.pk}",
        at=at,
        link=f"/sessions/{session.public_id}/",
        calendar=calendar_of(summons, at),
    )


# — serving ———————————————————————————————————————————————————————————————————————

WARNING = _(
    "请签收。无正当理由缺席或者逾期未提出意见的，除红线事项外视同无异议，程序继续；应办的审批仍须办理。"
)
SHORT = _(
    "请签收并参加。通知时间不足规定的提前天数：不到会不产生缺席的后果，意见另行送达后计算期限。"
)
AGAIN = _("请签收并参加。再次勘察只作记录，不另提意见：不到场不产生默认，也不使程序停止。")


@dataclass(frozen=True)
class Summoned:
    """One department to be served: its part of the dossier, and why it was added to a session that did not ask it."""

    department: Organisation
    dossier: list[dict[str, Any]]
    added_because: str = ""


def serve(
    session: Session, one: Summoned, *, by: Membership, at: datetime, **said: Any
) -> Invitation:
    """Serve one summons in the system."""
    return serve_each(session, [one], by=by, at=at, **said)[0]


def serve_each(
    session: Session, asked: Sequence[Summoned], *, by: Membership, at: datetime,
    short: bool = False, subject: Any = None, body: Any = None,
) -> list[Invitation]:  # fmt: skip
    """Serve summonses in the system, each with its dossier and the warning of what absence and silence come to.

    In few statements however many departments; the session's book is held by whoever serves.
    """
    with reading_once():
        served = [_made(session, one, at) for one in asked]
        start_all(served, rules.ACKNOWLEDGE, at=at)
        write_all(served, keys=True)
        feed_all(served)
        write_all([_tried(one, by, at) for one in served])
        record_all([_said(one) for one in served], by=by, at=at, book=session.book)
        people: dict[int, list[Membership]] = defaultdict(list)
        for person in in_office([one.department_id for one in served], timezone.localdate(at)):
            people[person.organisation_id].append(person)
        words = (subject or what(session), body or (SHORT if short else WARNING))
        put(
            letters_of([_occasion(one, people[one.department_id], words, at) for one in served], at)
        )
    return served


def _made(session: Session, one: Summoned, at: datetime) -> Invitation:
    return made(
        Invitation, session=session, book=session.book, department=one.department, served_at=at,
        dossier=one.dossier, dossier_sha256=digest(one.dossier), added_because=one.added_because,
    )  # fmt: skip


def _tried(summons: Invitation, by: Membership, at: datetime) -> SummonsAttempt:
    return made(
        SummonsAttempt,
        invitation=summons,
        channel=Channel.SYSTEM,
        received=False,
        moment=at,
        served_by=by,
    )


def _said(summons: Invitation) -> Act:
    evidence = {"channel": "system", "dossier": summons.dossier_sha256}
    return Act(summons.book_id, "serve", {"department": summons.department.code, **evidence})


def _occasion(
    summons: Invitation, people: Sequence[Membership], words: tuple[Any, Any], at: datetime
) -> Occasion:
    more = {"link": f"/sessions/{summons.session.public_id}/", "service": True}
    more["calendar"] = calendar_of(summons, at)
    return Occasion(people, words[0], f"summons:{summons.pk}", words[1], more)


def serve_all(
    session: Session, departments: Iterable[Organisation], *, by: Membership, at: datetime,
    agenda: Sequence[AgendaItem] = (), **more: Any,
) -> list[Invitation]:  # fmt: skip
    """Serve the summonses of a session, each department with what it is asked about; `agenda` where it is known.

    Whom the convenor added comes along from a session that is moved; a new one has nobody.
    """
    given = dossiers(session, agenda)
    added = dict(_added(session.pk)) if session.moves_id else {}
    asked = [
        Summoned(one, given.get(one.pk) or listed(()), added.get(one.pk, "")) for one in departments
    ]
    return serve_each(session, asked, by=by, at=at, **more)


@Asked
def _added(session: int) -> QuerySet[Any]:
    rows = AddedDepartment.objects.filter(agenda__session=session)
    return rows.values_list("department_id", "reason")
