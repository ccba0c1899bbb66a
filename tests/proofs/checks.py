"""What must hold of copied cases after whatever was done to them: one outcome, whole, and told once."""

import re
from collections import Counter, defaultdict

from core.documents.models import Paper, Series
from core.ledger.models import Book, Entry
from core.ledger.queries import verify
from core.notify.models import Message
from prereview.models import AgendaItem, MakeUp, Opinion, Slot

SILENT_ACTS = ("deemed_timeout", "deemed_absence", "no_opinion")
NUMBER = re.compile(r"(.+)〔(\d{4})〕(\d+)号")


def _by_book(books):
    acts = defaultdict(Counter)
    for book, act in Entry.objects.filter(book__in=books).values_list("book_id", "act"):
        acts[book][act] += 1
    return acts


def _papers(books):
    found = defaultdict(Counter)
    for book, kind in Paper.objects.filter(book__in=books).values_list("book_id", "kind"):
        found[book][kind] += 1
    return found


class Look:
    """Everything that is to be known of some cases, asked in a handful of statements."""

    def __init__(self, cases):
        slots = [case.slot for case in cases]
        books = [b for case in cases for b in (case.book, case.session_book)]
        self.acts, self.papers = _by_book(books), _papers(books)
        self.states = dict(Slot.objects.filter(pk__in=slots).values_list("pk", "state"))
        self.opinions, of = defaultdict(list), {}
        for pk, slot, position in Opinion.objects.filter(slot__in=slots).values_list(
            "pk", "slot", "position"
        ):
            self.opinions[slot].append(position)
            of[str(pk)] = slot
        self.make_ups = Counter(
            MakeUp.objects.filter(slot__in=slots).values_list("slot", flat=True)
        )
        told = Message.objects.filter(key__startswith="default:").values_list("key", flat=True)
        self.told = {of.get(re.split("[:>]", key)[1]) for key in told}
        self.concluded = dict(
            AgendaItem.objects.filter(pk__in=[c.agenda for c in cases]).values_list(
                "pk", "conclusion"
            )
        )

    def outcome(self, case):
        """What stands in the slot, or nothing."""
        return (self.opinions[case.slot] or [""])[0]

    def doubles(self, case):
        """What there is twice of an outcome."""
        acts = self.acts[case.book]
        given, silent = acts["give_opinion"], sum(acts[act] for act in SILENT_ACTS)
        found = {
            "outcomes": len(self.opinions[case.slot]),
            "outcomes in the ledger": given + silent,
            "notices": self.papers[case.book]["DOC14"],
            "make-ups": self.make_ups[case.slot],
            "conclusions": self.acts[case.session_book]["conclude"],
            "minutes": self.papers[case.book]["DOC13"],
        }
        return [f"{count} {what}" for what, count in found.items() if count > 1]

    def mixed(self, case):
        """What does not belong to the one outcome."""
        here, acts = self.outcome(case), self.acts[case.book]
        deemed = int(here.startswith("deemed"))
        papers, concluded = self.papers[case.book], int(bool(self.concluded[case.agenda]))
        wanted = {
            "settled": (self.states[case.slot] == "settled", bool(here)),
            "given": (acts["give_opinion"], int(here == "agree")),
            "deemed": (acts["deemed_timeout"], deemed),
            "notice": (papers["DOC14"], deemed),
            "make-up": (self.make_ups[case.slot], deemed),
            "told": (case.slot in self.told, bool(deemed)),
            "concluded": (self.acts[case.session_book]["conclude"], concluded),
            "minutes": (papers["DOC13"], concluded),
            "concluded of nothing": (concluded and not here, False),
        }
        return [f"{what}: {is_} for {must}" for what, (is_, must) in wanted.items() if is_ != must]


def broken_chains(cases):
    """The faults of the cases' books."""
    books = Book.objects.filter(pk__in=[b for c in cases for b in (c.book, c.session_book)])
    return [f"{fault.book}: {fault.reason}" for book in books if (fault := verify(book))]


def holes():
    """Series whose papers are not numbered one by one."""
    drawn = defaultdict(list)
    for number in Paper.objects.values_list("number", flat=True):
        mark, year, count = NUMBER.fullmatch(number).groups()
        drawn[mark, int(year)].append(int(count))
    last = {(s.mark, s.year): s.last for s in Series.objects.all()}
    return [
        f"{mark}〔{year}〕 {sorted(numbers)}"
        for (mark, year), numbers in drawn.items()
        if sorted(numbers) != list(range(1, last[mark, year] + 1))
    ]
