"""Which items of the catalogue a project has, and what silence and the start gate mean for each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from approvals.rules.conditions import parse
from approvals.rules.questionnaire.answers import Answer, Facts

Silence = Literal["deemed", "escalate", "none"]
Gate = Literal["service_done", "commitment", "paper_on_commitment", "prior_approval"]

IF_CONDITION: Final = "_if_condition"
GATES: Final[tuple[Gate, ...]] = (
    "service_done",
    "commitment",
    "paper_on_commitment",
    "prior_approval",
)
COMMITMENT: Final = "commitment"
_condition = cache(parse)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """The columns of catalogue.csv that the rules read; `item_class` is its column `class`."""

    code: str
    item_class: str
    applies_if: str
    opinion_default: str
    condition_fact: str
    start_gate: str

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> ItemRow:
        return cls(
            code=row["code"],
            item_class=row["class"],
            applies_if=row["applies_if"],
            opinion_default=row["opinion_default"],
            condition_fact=row["condition_fact"],
            start_gate=row["start_gate"],
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """An item on a project's list. `applies` is None where it is still to be checked (待核)."""

    code: str
    applies: Literal[True] | None
    because: tuple[tuple[str, Answer], ...]
    opinion_default: Silence
    start_gate: Gate


def applicable(
    items: Iterable[ItemRow], facts: Facts, declined: Collection[str] = ()
) -> list[Applied]:
    """The items that apply or may apply, in the catalogue's order.

    `declined` are the codes of commitment items whose commitment the enterprise declined; each then
    needs its prior approval. A code of another class is refused with ValueError.
    """
    found: list[Applied] = []
    for item in items:
        if item.code in declined and item.item_class != COMMITMENT:
            raise ValueError(f"{item.code} is not a commitment item and cannot be declined")
        truth = _condition(item.applies_if).evaluate(facts)
        if truth is False:
            continue
        found.append(
            Applied(
                code=item.code,
                applies=truth,
                because=facts.because(item.applies_if),
                opinion_default=silence_of(item, facts),
                start_gate="prior_approval" if item.code in declined else gate_of(item, facts),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that a project does not have, and the answers that say so; never a question left open."""

    code: str
    because: tuple[tuple[str, Answer], ...]


def left_out(items: Iterable[ItemRow], facts: Facts) -> list[LeftOut]:
    """The items that the answers keep off the list, so that none goes without a word."""
    conditions = ((item.code, item.applies_if) for item in items)
    return [
        LeftOut(code, facts.because(applies_if))
        for code, applies_if in conditions
        if _condition(applies_if).evaluate(facts) is False
    ]


def silence_of(item: ItemRow, facts: Facts) -> Silence:
    """What silence does to the opinion. A condition that is unknown counts as holding."""
    match item.opinion_default:
        case "yes":
            return "deemed"
        case "if_condition_absent":
            return "escalate" if _holds(item, facts) else "deemed"
        case "none":
            return "none"
        case "escalate":
            return "escalate"
    raise ValueError(f"{item.code}: unknown opinion_default {item.opinion_default!r}")


def gate_of(item: ItemRow, facts: Facts) -> Gate:
    """What opens the start gate. A condition that is unknown counts as holding."""
    name = item.start_gate
    if name.endswith(IF_CONDITION):
        name = name.removesuffix(IF_CONDITION) if _holds(item, facts) else COMMITMENT
    for gate in GATES:
        if gate == name:
            return gate
    raise ValueError(f"{item.code}: unknown start_gate {item.start_gate!r}")


def _holds(item: ItemRow, facts: Facts) -> bool:
    return _condition(item.condition_fact).evaluate(facts) is not False
