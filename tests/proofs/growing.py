"""Histories of a case that grow as a tree: what several have in common is played once, and then taken back to.

A stem is played from a beginning and followed to the works, where the most can happen; there it forks, and each bough
forks once more. Each twig is played for itself, brought to its end, looked at and taken back. From the beginning to the
end of a twig is one history. Where a case is over there is nothing to fork, for all that would follow is the same.
"""

import copy
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.once import reading_once
from approvals.stages import WORKS
from tests.proofs.whole_case import Case, Written
from tests.stories.telling import sound
from tests.trodden import KEPT, TRODDEN


@dataclass(frozen=True)
class Shape:
    """How many steps each history has, after which of them it forks, and in how many ways.

    A case that begins at the works, where most can happen, forks sooner than one that has a road before it.
    """

    steps: int
    on_the_road: tuple[int, ...] = ()
    at_the_works: tuple[int, ...] = ()
    ways: tuple[int, ...] = ()

    def forks_from(self, stage):
        """Return the steps after which a history that begins at a stage forks."""
        return self.at_the_works if stage in WORKS else self.on_the_road


@dataclass
class Fork:
    """Where a history forked: to what it is taken back, and how many ways are left to go."""

    point: str
    step: int
    facts: dict
    done: Counter
    refused: Counter
    left: int


class Tree:
    """Histories from one beginning while `room` steps are left, at `most` so many: `finished` after the last.

    `look` is what a case is asked at the end of each history.
    """

    def __init__(self, shape, room, most, look, walk):
        self.shape, self.room, self.most, self.look = shape, room, most, look
        self.done, self.refused, self.histories = Counter(), Counter(), 0
        self.around, self.written = ExitStack(), Written()
        self.around.enter_context(transaction.atomic())
        self.around.enter_context(reading_once())  # of the county, which is the same throughout
        self.around.enter_context(connection.execute_wrapper(self.written))
        TRODDEN.begin(patched=False)
        self.case, self.taken, self.open = Case(walk()), 0, []
        self.forks = self.shape.forks_from(self.case.filing.stage)
        self._fork(room // shape.steps)

    @property
    def finished(self):
        return not self.open

    def step(self):
        """A step was taken; return whether the case is another one now, or was taken back to what it was."""
        self.room -= 1
        if self.finished:
            return False
        self.taken += 1
        if self.taken == self.shape.steps:
            self._end_of_a_history()
            return True
        if self.taken not in self.forks:
            return False
        level = self.forks.index(self.taken)
        if not level:
            self.case.bring_on(lambda case: case.over or case.filing.stage in WORKS)
        if not self.case.over:
            self._fork(self.shape.ways[level])
        return True

    def _fork(self, ways):
        """What the case is here is kept for each way from here."""
        facts = copy.deepcopy({name: getattr(self.case.w, name) for name in KEPT})
        done, refused = Counter(self.case.done), Counter(self.case.refused)
        self.open.append(Fork(transaction.savepoint(), self.taken, facts, done, refused, ways))

    def _end_of_a_history(self):
        self.case.bring_to_an_end()
        self.look(self.case.filing)
        assert sound()
        self.histories += 1
        if self.histories >= self.most:
            for fork in self.open:
                fork.left = 0
        while self.open:
            last = self.open[-1]
            self.done += self.case.done - last.done
            self.refused += self.case.refused - last.refused
            self.case.done, self.case.refused = Counter(last.done), Counter(last.refused)
            last.left -= 1
            if last.left > 0 and self.room >= self.shape.steps - last.step:
                self._back_to(last)
                return
            self.open.pop()

    def _back_to(self, fork):
        transaction.savepoint_rollback(fork.point)
        for name, value in copy.deepcopy(fork.facts).items():
            setattr(self.case.w, name, value)
        self.taken = fork.step

    def close(self):
        """Take everything back."""
        transaction.set_rollback(True)
        self.around.close()
