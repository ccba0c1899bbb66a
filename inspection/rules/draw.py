"""双随机: who is drawn follows from the seed alone, so that anyone can repeat a draw with a list and SHA-256."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from inspection.stages import Group

MONTHS_IN_QUARTER = 3
DECEMBER = 12
MOST_TURNS = 2  # a quarter is drawn anew once: with more, whoever draws would choose among draws
# What the published words of a draw name. Another way of drawing gets another name, and old draws keep theirs.
ALGORITHM = "sha256-rank/1"


def ranked(candidates: Iterable[str], seed: str) -> list[str]:
    """Return the candidates, each once, by the SHA-256 of `seed:candidate`; their order on the list plays no part."""

    def place(candidate: str) -> tuple[str, str]:
        return hashlib.sha256(f"{seed}:{candidate}".encode()).hexdigest(), candidate

    return sorted(set(candidates), key=place)


def draw(candidates: Iterable[str], share: int, seed: str) -> list[str]:
    """Return a share (percent, rounded up, at least one) of the candidates; none of none. ValueError for no share."""
    if not 0 < share <= 100:  # noqa: PLR2004 - percent
        raise ValueError(share)
    order = ranked(candidates, seed)
    return order[: max(1, -(-len(order) * share // 100))]


def draw_groups(
    groups: Mapping[Group, Iterable[str]], shares: Mapping[Group, int], seed: str
) -> list[dict[str, Any]]:
    """Return each group that has candidates with its share and who is drawn of it; a group is drawn for itself."""
    return [
        {"group": str(group), "share": shares[group], "candidates": sorted(names),
         "drawn": draw(names, shares[group], seed)}
        for group, names in groups.items()
        if names
    ]  # fmt: skip


def digest_of(groups: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of the list: lines `group share number`, one a candidate, sorted, joined by line feeds."""
    lines = sorted(
        f"{group['group']} {group['share']} {number}"
        for group in groups
        for number in group["candidates"]
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def mixed(secret: str, checkpoint: str) -> str:
    """Return the seed of a draw that was announced: the SHA-256 of `secret:checkpoint`, both fixed before it."""
    return hashlib.sha256(f"{secret}:{checkpoint}".encode()).hexdigest()


def _was_announced(published: Mapping[str, Any]) -> bool:
    """Whether the secret is the one whose digest was announced, the seed comes of it, and the opening names both.

    Without a checkpoint the seed comes of the opening, which holds the secret and fresh chance.
    """
    secret, commitment, checkpoint = (published[n] for n in ("secret", "commitment", "checkpoint"))
    said = _said(published["opening"])
    if (
        hashlib.sha256(secret.encode()).hexdigest() != commitment
        or said["commitment"] != commitment
    ):
        return False
    if not checkpoint:
        return said["secret"] == secret and _opened(
            published["opening"], published["seed"], published["digest"]
        )
    return mixed(secret, checkpoint) == published["seed"] and (
        (said["checkpoint"], said["digest"]) == (checkpoint, published["digest"])
    )


def faults_of(published: Mapping[str, Any]) -> list[str]:
    """Return what does not follow from a draw's data: `seed`, `digest`, `group NAME`, `project NUMBER`; [] for none.

    `published` has seed, algorithm, digest, groups and pairs as the draw keeps them, and of one that was announced the
    secret with its commitment and the checkpoint, if there was one; nothing else is asked.
    """
    seed, groups = published["seed"], published["groups"]
    if published["algorithm"] != ALGORITHM:
        return ["algorithm"]
    faults = [] if digest_of(groups) == published["digest"] else ["digest"]
    opening = published.get("opening")
    if published.get("secret"):
        faults += [] if opening and _was_announced(published) else ["seed"]
    elif opening and not _opened(opening, seed, published["digest"]):
        faults.append("seed")
    faults += [
        f"group {group['group']}"
        for group in groups
        if draw(group["candidates"], group["share"], seed) != group["drawn"]
    ]
    faults += [
        f"project {pair['filing']}" for pair in published["pairs"] if not _follows(pair, seed)
    ]
    return faults


def _opened(opening: str, seed: str, digest: str) -> bool:
    """Whether the seed is the digest of the entry that opened the draw, and that entry names the list."""
    return (
        hashlib.sha256(opening.encode()).hexdigest() == seed and _said(opening)["digest"] == digest
    )


def _said(opening: str) -> dict[str, Any]:
    """Return what an entry says; before it stand book, sequence, act, actor and two times."""
    found: dict[str, Any] = json.loads(json.loads(opening)[6])
    return found


def _follows(pair: Mapping[str, Any], seed: str) -> bool:
    """Whether the department and the officers of a project follow from the lists they were drawn from."""
    own = f"{seed}:{pair['filing']}"
    department = ranked(pair["departments"], own)[0]
    officers = ranked(pair["people"], f"{own}:{department}")[: len(pair["officers"])]
    return department == pair["department"] and officers == pair["officers"]


def quarter_of(day: date) -> str:
    """Return the quarter of a day: 2018Q2."""
    return f"{day.year}Q{(day.month - 1) // MONTHS_IN_QUARTER + 1}"


def last_day_of_quarter(day: date) -> date:
    """Return the last day of the quarter of a day."""
    month = (day.month - 1) // MONTHS_IN_QUARTER * MONTHS_IN_QUARTER + MONTHS_IN_QUARTER
    following = date(day.year + month // DECEMBER, month % DECEMBER + 1, 1)
    return following - timedelta(days=1)
