"""What the entries of a visit come to: pure functions of the set of entries, whatever their order and repetition."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from prereview.stages import FindingResult


class Entered(Protocol):
    """What every entry has: the name its sender gave it, and when it happened."""

    @property
    def uid(self) -> Any:
        """Its name."""

    @property
    def happened_at(self) -> Any:
        """Its instant."""


class Found(Entered, Protocol):
    """A finding of one department on one point."""

    @property
    def department_id(self) -> Any:
        """Whose it is."""

    @property
    def topic(self) -> Any:
        """On which point."""

    @property
    def result(self) -> Any:
        """What was found."""


class Signed(Entered, Protocol):
    """A signature of one department under certain entries, by their names."""

    @property
    def department_id(self) -> Any:
        """Whose it is."""

    @property
    def covers(self) -> Any:
        """The names of the entries."""


class Decided(Entered, Protocol):
    """The convenor's word on a conflict between certain findings, by their names."""

    @property
    def topic(self) -> Any:
        """On which point."""

    @property
    def findings(self) -> Any:
        """The names of the findings."""


E = TypeVar("E", bound=Entered)
F = TypeVar("F", bound=Found)
S = TypeVar("S", bound=Signed)
D = TypeVar("D", bound=Decided)


@dataclass(frozen=True)
class Clash(Generic[F]):
    """Findings on one point of which one sees nothing and another something."""

    topic: str
    findings: tuple[F, ...]

    @property
    def uids(self) -> frozenset[str]:
        """The findings by name: a settlement is of exactly these."""
        return frozenset(str(one.uid) for one in self.findings)


def last(entries: Iterable[E]) -> E | None:
    """Return the entry that happened last; of two at the same instant the names decide, so that everyone agrees."""
    return max(entries, key=lambda one: (one.happened_at, str(one.uid)), default=None)


def standing(findings: Iterable[F]) -> dict[tuple[str, int], F]:
    """Return by point and department the finding that stands: the last one; earlier ones are kept and superseded."""
    grouped: dict[tuple[str, int], list[F]] = {}
    for one in findings:
        grouped.setdefault((one.topic, one.department_id), []).append(one)
    return {key: found for key, same in grouped.items() if (found := last(same)) is not None}


def clashes(stand: Iterable[F]) -> list[Clash[F]]:
    """Return the conflicts among standing findings, by point: no problem beside a problem or a need of supplement.

    A problem beside a need of supplement is none: both want something, and both are met one after the other.
    """
    by_topic: dict[str, list[F]] = {}
    for one in stand:
        by_topic.setdefault(one.topic, []).append(one)
    found = []
    for topic, same in sorted(by_topic.items()):
        fine = {one.result == FindingResult.FINE for one in same}
        if fine == {True, False}:
            ordered = sorted(same, key=lambda one: (one.department_id, str(one.uid)))
            found.append(Clash(topic, tuple(ordered)))
    return found


def settlement_of(clash: Clash, settlements: Iterable[D]) -> D | None:
    """Return the convenor's word on a conflict; one given on other findings is no word on these."""
    return last(
        one
        for one in settlements
        if one.topic == clash.topic and frozenset(map(str, one.findings)) == clash.uids
    )


def signature_of(
    department: int, signatures: Iterable[S], entries: Collection[str]
) -> tuple[S | None, frozenset[str]]:
    """Return a department's last signature, and the names of its entries that are not under it."""
    signed = last(one for one in signatures if one.department_id == department)
    covered = frozenset(map(str, signed.covers)) if signed else frozenset()
    return signed, frozenset(entries) - covered
