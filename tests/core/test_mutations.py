"""Whoever changes the past is found by whoever has kept a checkpoint: by chance, ten thousand times over (`hunt`)."""

import base64
import os
from dataclasses import dataclass
from random import Random

import pytest

from core.ledger import keys
from core.ledger.attest import attested, opened
from core.ledger.checkpoints import make_checkpoint
from core.ledger.models import Checkpoint, Entry, Span
from core.ledger.notes import Signer, signed
from core.ledger.queries import verify_all
from core.ledger.tree import Tree, leaf_of
from tests.chance import drawn
from tests.core.ledgers import fill, key_file, other, rehash, sql, taken_back, unlocked

pytestmark = pytest.mark.django_db
NAME = "chengnuo.example/ledger"
TEXTS = ("act", "payload", "previous", "digest")


class Hand:
    """One change by chance of a ledger that a checkpoint was kept of; it knows the place that must be named."""

    def __init__(self, chance, book, written, people):
        self.chance, self.book, self.people = chance, book, people
        self.place = chance.randrange(1, book.sequence + 1)
        self.written = written  # the entries of all books as they are before the change
        self.entry = written[book.pk, self.place]
        self.exact = True  # else the chain was closed over it: only the run of the log is known

    def set(self, column, value):
        sql(f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", value, self.entry.pk)

    def field(self):
        stranger = next(
            who for who in (self.people.window, self.people.supervisor, self.people.enterprise)
            if who.pk != self.entry.actor_id
        )  # fmt: skip
        column, value = self.chance.choice([
            ("act", f"{self.entry.act}x"), ("payload", "{}" + self.entry.payload), ("actor_id", stranger.pk),
            ("event_at", "2018-06-15 00:00:00+00:00"), ("entered_at", "2018-06-15 00:00:00+00:00"),
        ])  # fmt: skip
        self.set(column, value)

    def byte(self):
        column = self.chance.choice(TEXTS)
        self.set(column, other(getattr(self.entry, column), self.chance))

    def delete(self):
        sql("DELETE FROM ledger_entry WHERE id = %s", self.entry.pk)

    def swap(self):
        self.place = self.chance.randrange(1, self.book.sequence)
        first, second = (self.written[self.book.pk, self.place + one].pk for one in (0, 1))
        for pk, place in ((first, 10_000), (second, self.place), (first, self.place + 1)):
            sql("UPDATE ledger_entry SET sequence = %s WHERE id = %s", place, pk)

    def cut(self):
        sql(
            "DELETE FROM ledger_entry WHERE book_id = %s AND sequence >= %s",
            self.book.pk, self.place,
        )  # fmt: skip
        rehash(self.book, self.place)

    def rewritten(self):
        """An entry changed and the chain made anew behind it: the chain alone holds."""
        self.set("payload", '{"note":"nothing happened"}')
        rehash(self.book, self.place)
        self.exact = False

    def struck(self):
        """An entry taken out, and the chain closed over the gap."""
        self.delete()
        rehash(self.book, self.place)
        self.exact = False

    def runs_too(self):
        """The runs of the log say afterwards what the rewritten entries say."""
        self.rewritten()
        for span in Span.objects.filter(code=self.book.code):
            head = Entry.objects.get(book=self.book, sequence=span.last).digest
            sql("UPDATE ledger_span SET head = %s WHERE id = %s", head, span.pk)
        self.place = None

    def everything(self):
        """Runs and checkpoints, too, under a key that was put on the list: only what is kept elsewhere knows."""
        self.runs_too()
        mine = Signer.of(NAME, os.urandom(32))
        public = base64.b64encode(mine.key.public).decode()
        sql("UPDATE ledger_checkpointkey SET public = %s", public)
        rows = Entry.objects.values_list("book__code", "sequence", "digest")
        digests = {(code, place): digest for code, place, digest in rows}
        tree, spans = Tree(), list(Span.objects.order_by("start"))
        for kept in Checkpoint.objects.order_by("number"):
            while tree.size < kept.size:
                span = spans.pop(0)
                for place in range(span.first, span.last + 1):
                    tree.add(leaf_of(span.code, place, digests[span.code, place]))
            root = tree.root()
            text = signed(NAME, kept.size, root, [mine])
            sql(
                "UPDATE ledger_checkpoint SET root = %s, text = %s WHERE id = %s",
                root.hex(), text, kept.pk,
            )  # fmt: skip


# What one book's own chain tells, so that many books are changed before one look; and what needs a look each, because
# the chain is closed over it and the log says only where it first differs.
OF_A_CHAIN = (Hand.field, Hand.byte, Hand.delete, Hand.swap)
OF_THE_LOG = (Hand.cut, Hand.rewritten, Hand.struck, Hand.runs_too, Hand.everything)


@dataclass
class Attacked:
    """A ledger with two checkpoints, the later kept by somebody; its triggers are off."""

    chance: Random
    books: list
    people: object
    kept: object

    def __post_init__(self):
        self.spans = list(Span.objects.all())
        self.written = {(one.book_id, one.sequence): one for one in Entry.objects.all()}
        self.books = [book for book in self.books if book.sequence > 2]

    def changed(self, ways):
        """Change a book of its own in each of the ways, see that each is named, and take all back."""
        books = self.chance.sample(self.books, len(ways))
        with taken_back():
            hands = [Hand(self.chance, book, self.written, self.people) for book in books]
            for hand, way in zip(hands, ways, strict=True):
                way(hand)
            faults = self.looked()
            for hand, way in zip(hands, ways, strict=True):
                self.named(way, hand, faults)

    def looked(self):
        """What `verify_ledger --checkpoint` looks at: the chains, then the log."""
        fault = attested(self.kept)[1]
        return [*verify_all()[2], *([fault] if fault else [])]

    def named(self, way, hand, faults):
        code = hand.book.code
        said = (way.__name__, code, hand.place, faults)
        assert faults, said
        if hand.place is None:
            return
        places = [fault.sequence for fault in faults if fault.book == code]
        assert places, said
        if hand.exact:
            assert hand.place in places, said
            return
        run = next(s for s in self.spans if s.code == code and s.first <= hand.place <= s.last)
        assert any(run.first <= place <= run.last for place in places), said


@pytest.fixture
def attacked(people, at, settings, tmp_path):
    """Change the ledger so many times by chance, each time from the beginning, and look with a checkpoint in hand."""
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), NAME

    def attack(times):
        seed = drawn("mutations")
        print("seed", seed)
        chance = Random(seed)
        books = fill(chance, people, at, books=8, entries=30)
        make_checkpoint(at("2018-06-20 12:00"))
        books += fill(chance, people, at, books=2, entries=8, prefix="s")
        kept = make_checkpoint(at("2018-06-21 12:00")).text
        trusted = keys.announced()
        assert (verify_all()[2], attested(opened(kept, trusted))) == ([], (2, None))
        with unlocked():
            ledger, done = Attacked(chance, books, people, opened(kept, trusted)), 0
            while done < times:
                many = min(len(ledger.books), 8)
                ledger.changed(chance.choices(OF_A_CHAIN, k=many))
                for _each in range(many + 1):
                    ledger.changed([chance.choice(OF_THE_LOG)])
                done += 2 * many + 1

    return attack


def test_a_change_by_chance_is_found(attacked):
    attacked(1_000)


@pytest.mark.hunt
def test_ten_thousand_changes_by_chance_are_found(attacked):
    attacked(10_000)
