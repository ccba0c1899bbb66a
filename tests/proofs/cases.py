"""Many cases at one point of their way: walked once, copied row by row, each with its own books.

Each is a meeting on one filing in which one department has not spoken and its limit is over: in turn one whose silence
is deemed, and one behind a red line. A copy's ledger begins empty; what is done to it afterwards stands there alone.
"""

import secrets
from dataclasses import dataclass
from itertools import chain

from approvals.models import Filing
from approvals.stages import Stage
from core.ledger.models import GENESIS
from core.steps import pairs
from prereview.models import AgendaItem, Session, Slot
from tests.conftest import everybody, instant
from tests.walk import walk

SILENT = (("QXJ", "C03"), ("ZRJ", "R04"))  # departments and their items
TOOK_SO_LONG = "2018-03-20 09:00"  # long after every limit: silence has come to something


@dataclass(frozen=True)
class Case:
    """Where to find one copy."""

    department: str
    filing: int
    book: int
    session: int
    session_book: int
    agenda: int
    slot: int


def walked():
    """A case whose meeting is over and in which two departments are silent."""
    way = walk(everybody(), instant("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    way.call_meeting()
    way.acknowledge(way.meeting)
    way.open(way.meeting)
    way.close(way.meeting)
    way.opinions(way.meeting, silent=[department for department, _item in SILENT])
    return way


def _copies(row, changed):
    """Copies of a row, each with what is its own."""
    kept = {
        f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key
    }
    return type(row).objects.bulk_create([type(row)(**{**kept, **own}) for own in changed], 500)


def _books(row, count):
    fresh = [
        {"code": secrets.token_hex(12), "sequence": 0, "head": GENESIS} for _one in range(count)
    ]
    return _copies(row, fresh)


def _case(count, slot):
    """Copies of a filing, its item and its meeting, as rows that belong together by their place in the lists."""
    agenda = slot.agenda
    session, filing = agenda.session, slot.filing
    books, rooms = _books(filing.book, count), _books(session.book, count)
    filings = _copies(
        Filing.objects.get(pk=filing.pk),
        [{"book_id": b.pk, "public_id": secrets.token_hex(6), "number": f"{filing.number}/{b.pk}"} for b in books],
    )  # fmt: skip
    sessions = _copies(
        Session.objects.get(pk=session.pk),
        [{"book_id": b.pk, "public_id": secrets.token_hex(6), "number": f"{session.number}/{b.pk}"} for b in rooms],
    )  # fmt: skip
    items = _copies(slot.item, [{"filing_id": f.pk} for f in filings])
    agendas = _copies(
        AgendaItem.objects.get(pk=agenda.pk),
        [{"filing_id": f.pk, "session_id": s.pk} for f, s in zip(filings, sessions, strict=True)],
    )
    _copies(slot.invitation, [{"session_id": s.pk, "book_id": s.book_id} for s in sessions])
    slots = _copies(
        Slot.objects.get(pk=slot.pk),
        [
            {"filing_id": f.pk, "book_id": f.book_id, "agenda_id": a.pk, "item_id": i.pk}
            for f, a, i in zip(filings, agendas, items, strict=True)
        ],
    )
    return [
        Case(slot.department.code, f.pk, f.book_id, s.pk, s.book_id, a.pk, one.pk)
        for f, s, a, one in zip(filings, sessions, agendas, slots, strict=True)
    ]


def prepare(count):
    """Walk one case and copy it; return the copies. The database's own guard of stages is lifted for the copying."""
    way = walked()
    pairs.take_off(plan=True)
    kinds = [_case((count + 1) // 2, way.slot(*silent, way.meeting)) for silent in SILENT]
    pairs.put_on()
    return list(chain.from_iterable(zip(*kinds, strict=True)))[:count]
