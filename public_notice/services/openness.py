"""主动公开: the county writes its catalogue, what arises is noted, and whoever publishes it says where it stands."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import holders
from accounts.services import system_actor
from accounts.stages import Role
from core.deadlines.queries import NoEdition, rulebook_at, value_of
from core.deadlines.rules import on_silence
from core.deadlines.services import end, local, start
from core.ledger.models import Book
from core.ledger.services import county_book, lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import NotNow, require
from public_notice import policies, rules
from public_notice.models import Bulletin, OpenMatter, Publication
from public_notice.queries.bulletins import bounds_of, first_of, months_without
from public_notice.queries.openness import standing_matters
from public_notice.rules.openness import DECISION_ONLINE, DISCLOSURE, OWN
from public_notice.rules.written import PACK, WRITTEN, wrong
from public_notice.services import arising
from public_notice.services.arising import Arose
from public_notice.stages import BulletinState, OpenEvent

log = logging.getLogger("chengnuo.openness")
BULLETIN = "bulletin:"


def _held() -> Book:
    book = county_book()
    lock(book.pk)
    return book


@transaction.atomic
def write_matter(
    *, code: str, publisher: Organisation, reason: str, by: Membership, at: datetime, **words: str
) -> OpenMatter:
    """写入公开事项: a new matter, or the next version of the one of this code; what stood before stays to be read."""
    permit(None, policies.administrator, by=by, at=at)
    book = _held()
    said = {name: words.get(name, "").strip() for name in WRITTEN}
    faults = {**wrong(said), **_unknown_rule(said["rule"], at)}
    if not reason.strip():
        faults["reason"] = _("请写明理由。")
    if faults:
        raise ValidationError(faults)
    return _write(book, code.strip(), publisher, said, reason.strip(), by, at)


def _unknown_rule(code: str, at: datetime) -> dict[str, Any]:
    if code:
        try:
            value_of(rulebook_at(at), code)
        except KeyError:
            return {"rule": _("期限规则里没有这一条。")}
    return {}


def _write(
    book: Book,
    code: str,
    publisher: Organisation,
    said: Mapping[str, Any],
    reason: str,
    by: Membership,
    at: datetime,
) -> OpenMatter:
    before = OpenMatter.objects.filter(code=code).order_by("-version").first()
    version = before.version + 1 if before else 1
    made = OpenMatter.objects.create(
        code=code, version=version, publisher=publisher, reason=reason, written_at=at, by=by, **said
    )
    record(
        book, "write_open_matter", by=by, at=at, code=code, version=version, reason=reason or None,
        publisher=publisher.code, matter=dict(said),
    )  # fmt: skip
    return made


@transaction.atomic
def strike_matter(matter: OpenMatter, *, reason: str, by: Membership, at: datetime) -> OpenMatter:
    """撤下公开事项: with its reason; the versions before stay, and what is owed of it is still owed."""
    permit(matter, policies.administrator, by=by, at=at)
    book = _held()
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    now = standing_matters().filter(code=matter.code).first()
    if now is None or now.pk != matter.pk:
        raise NotNow([_("这不是现行的版本：请打开现行的版本再办理。")])
    said = {name: getattr(now, name) for name in WRITTEN}
    return _write(book, now.code, now.publisher, {**said, "struck": True}, reason.strip(), by, at)


def load_matters(rows: Iterable[Mapping[str, str]], *, by: Membership, at: datetime) -> int:
    """Write what the pack says anew; a matter that somebody has written by hand stays as the county wrote it."""
    book, written = _held(), 0
    latest = {one.code: one for one in OpenMatter.objects.select_related("by", "publisher")}
    offices = Organisation.objects.in_bulk([row["publisher"] for row in rows], field_name="code")
    for row in rows:
        said = {name: row[PACK.get(name, name)] for name in WRITTEN}
        was = latest.get(row["code"])
        if was is not None and (was.by.role != Role.SYSTEM or _same(was, said, row["publisher"])):
            continue
        _write(book, row["code"], offices[row["publisher"]], said, "", by, at)
        written += 1
    return written


def _same(was: OpenMatter, said: Mapping[str, str], publisher: str) -> bool:
    kept = all(getattr(was, name) == said[name] for name in WRITTEN)
    return kept and was.publisher.code == publisher


@transaction.atomic
def note_publication(
    *, matter: OpenMatter, title: str, arose_on: date, by: Membership, at: datetime
) -> Publication:
    """登记待公开信息: something arose that the matter wants published; its limit runs from that day (条例 26)."""
    permit(matter, policies.notes_publications, by=by, at=at)
    book = _held()
    require(matter, policies.matter_is_noted_by_hand)
    if arose_on > timezone.localdate(at):
        raise ValidationError({"arose_on": _("产生日期不能在今天以后。")})
    reference = f"{matter.code}:{book.sequence + 1}"
    return _start(book, matter, reference, title.strip(), arose_on, by, at)


def _start(
    book: Book,
    matter: OpenMatter,
    reference: str,
    title: str,
    arose_on: date,
    by: Membership,
    at: datetime,
    department: Organisation | None = None,
) -> Publication:
    made = Publication(
        book=book, matter=matter, department=department or matter.publisher, reference=reference, title=title,
        arose_on=arose_on, noted_by=by,
    )  # fmt: skip
    # 00:00 would be the last instant of the day before.
    began = local(arose_on, 0, 1)
    try:
        start(made, OWN.get(matter.rule, DISCLOSURE), at=began)
    except NoEdition:
        raise ValidationError({"arose_on": _("那一天还没有日历或者期限规则。")}) from None
    record(
        book, "note_publication", by=by, at=at, publication=made, matter=matter.code, title=title,
        arose_on=arose_on, due_at=made.due_at,
    )  # fmt: skip
    return made


@transaction.atomic
def publish_information(
    publication: Publication, *, address: str, by: Membership, at: datetime
) -> Publication:
    """登记已公开: where it stands for everybody; late it stays late, and the address is kept."""
    permit(publication, policies.publishes, by=by, at=at)
    book = _held()
    publication = Publication.objects.select_related("matter").get(pk=publication.pk)
    require(publication, policies.publication_is_owed, policies.publication_is_by_hand)
    if not address.strip():
        raise ValidationError({"address": _("请写明公开在哪里。")})
    _end(book, publication, address.strip(), by, at, at)
    return publication


def _end(
    book: Book, row: Publication, address: str, by: Membership, published: datetime, at: datetime
) -> None:
    row.address, row.published_by = address, by
    end(row, at=published)
    record(
        book, "publish_information", by=by, at=at, publication=row, published_at=published, address=address,
        late=row.late(published),
    )  # fmt: skip


@transaction.atomic
def note_what_arose(now: datetime) -> int:
    """Note what is owed by itself, and end what is published; safe to repeat, returns how many."""
    return _note_bulletins(now) + _note_acts(now)


def _note_bulletins(now: datetime) -> int:
    """Note the months whose bulletin is owed, and end those that are published."""
    matter = standing_matters().filter(event=OpenEvent.BULLETIN).first()
    running = Publication.objects.filter(reference__startswith=BULLETIN, ended_at=None)
    owed = _months_owed(now) if matter else []
    if not owed and not running.exists():
        return 0
    book, by, count = _held(), system_actor(), 0
    known = set(Publication.objects.filter(reference__in=owed).values_list("reference", flat=True))
    for reference in owed:
        if matter is None or reference in known:
            continue
        period = reference.removeprefix(BULLETIN)
        last = timezone.localdate(bounds_of(period)[1]).toordinal() - 1
        first = first_of(period)
        title = f"{first.year}年{first.month}月默认情况通报"
        _start(book, matter, reference, title, date.fromordinal(last), by, now)
        count += 1
    for row in running:
        count += _ended_by_itself(book, row, now)
    return count


def _note_acts(now: datetime) -> int:
    """Note what the county's acts owe, of a matter so many in a round; what is left of it is not even read."""
    if next(arising.what_arose(now), None) is None:
        return 0
    book, refused = _held(), list[Arose]()
    # Read again under the lock: two rounds at once note it once.
    noted = [
        sum(islice(_noted(book, arose, refused, now), arising.IN_A_ROUND))
        for arose in arising.arose_by_matter(now)
    ]
    arising.tell_refused(refused, now)
    return sum(noted)


def _noted(
    book: Book, arose: Iterable[Arose], refused: list[Arose], now: datetime
) -> Iterator[int]:
    """Note one after the other and yield 1 for each; what cannot be noted is logged, put aside and passed over."""
    for one in arose:
        try:
            with transaction.atomic():
                _note_act(book, one, now)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this row's alone
            log.warning("%s is not noted: %s", one.reference, error)
            refused.append(one)
        else:
            yield 1


def _note_act(book: Book, one: Arose, now: datetime) -> None:
    """Note what an act owes; what stands on this site from an instant is published as of it."""
    by = system_actor()
    made = _start(book, one.matter, one.reference, one.title, one.on, by, now, one.department)
    if one.shown_at is not None:
        _end(book, made, one.address, by, max(one.shown_at, made.begun_at), now)


def _months_owed(now: datetime) -> list[str]:
    """Return what is owed where the county publishes its defaults (P55): months with a default and no bulletin."""
    try:
        public = value_of(rulebook_at(now), rules.BULLETIN_PUBLIC).value == "yes"
    except (NoEdition, KeyError):
        return []
    return [f"{BULLETIN}{month}" for month in months_without(now)] if public else []


def _ended_by_itself(book: Book, row: Publication, now: datetime) -> bool:
    """End a month's row where its bulletin has been reviewed: as of that instant, whenever somebody looks."""
    period = row.reference.removeprefix(BULLETIN)
    reviewed = Bulletin.objects.filter(
        period=period, state__in=(BulletinState.PUBLISHED, BulletinState.KEPT_INSIDE)
    ).first()
    if reviewed is None or reviewed.reviewed_at is None or reviewed.reviewed_at > now:
        return False
    _end(book, row, f"/bulletins/{period}/", system_actor(), reviewed.reviewed_at, now)
    return True


@on_silence(DISCLOSURE, DECISION_ONLINE)
def not_published(publication: Publication, now: datetime) -> None:
    """逾期未公开: the supervisor learns of it as of the end of the limit; it stays owed until it is published."""
    if publication.reference.startswith(BULLETIN) and _ended_by_itself(
        publication.book, publication, now
    ):
        return
    publication.act_at = None
    publication.save(update_fields=["act_at"])
    record(
        publication.book, "escalate", by=system_actor(), at=publication.expires_at, rule=publication.rule,
        publication=publication,
    )  # fmt: skip
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(now)),
        _("逾期未公开：%(title)s") % {"title": publication.title},
        about=f"publication:{publication.pk}",
        at=now,
        link="/openness/check/",
    )
