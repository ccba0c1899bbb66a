"""Slots of a batch to which the same happened: what it comes to, its proof and its words are made once for all of them.

A department has several items in a case, served by one summons and discussed in one sitting. They are alike where every
column is that bears on their silence; a column that is new bears on it until it is named here.
"""

from collections.abc import Callable, Collection, Iterable
from operator import itemgetter
from typing import Any, TypeVar

from django.db.models import Model

from core.deadlines.counting import interruptions
from core.deadlines.models import Extension, Suspension
from prereview.models import Slot

Made = TypeVar("Made")
# Which slot it is, where it stood, and words that no rule reads.
APART = {
    "id", "item", "state", "held_because", "act_at", "escalated_at", "not_ours_reason", "dismissed_because",
}  # fmt: skip
OF_ONE = {
    "id",
    "row",
    "notice",
    "resumed_notice",
}  # of which limit a stop is, and the papers that told of it
KEPT = "_alike"  # on the instances: what was made for those that are alike


def _columns(model: type[Model], apart: Collection[str]) -> Callable[[Any], tuple[Any, ...]]:
    names = [f.attname for f in model._meta.concrete_fields if f.name not in apart]
    values = itemgetter(*names)
    return lambda row: values(vars(row))


def let_share(slots: Iterable[Slot]) -> None:
    """Let slots that are alike share what is made of them from here on; nothing else of them changes meanwhile."""
    columns = _columns(Slot, APART)
    stopped, longer = (_columns(model, OF_ONE) for model in (Suspension, Extension))
    known: dict[Any, dict[str, Any]] = {}
    for slot in slots:
        item, found = slot.item, interruptions(slot)
        said = (item.opinion_default, item.item.marked) if item else None
        run = tuple(map(stopped, found.suspensions)), tuple(map(longer, found.extensions))
        vars(slot)[KEPT] = known.setdefault((columns(slot), said, run), {})


def alike(slot: Slot, what: str, make: Callable[[], Made]) -> Made:
    """Return what was made for a slot that is alike; of a slot by itself it is made anew."""
    if (kept := vars(slot).get(KEPT)) is None:
        return make()
    if what not in kept:
        kept[what] = make()
    return kept[what]  # type: ignore[no-any-return]
