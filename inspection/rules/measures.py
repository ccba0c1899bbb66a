"""Which ground bears which measure, and at which stages a case may still be met by it. Pure."""

from approvals.rules.citing import in_words
from approvals.stages import MAY_BE_REVOKED, MAY_EXIT, WORKS, Stage
from inspection.stages import Ground, MeasureKind, MeasureState

GROUNDS = {
    MeasureKind.STOP: (Ground.NOT_MENDED, Ground.DANGER),
    MeasureKind.EXIT: (Ground.WISH, Ground.NOT_MENDED, Ground.CHANGED),
    MeasureKind.REVOKE: (Ground.DECEIT, Ground.OFFICIAL_FAULT),
    MeasureKind.CREDIT: (Ground.NOT_MENDED, Ground.DECEIT),
}
# A mark is of the enterprise that promised: it may be registered after the case has come to its end.
STAGES = {
    MeasureKind.STOP: WORKS,
    MeasureKind.EXIT: MAY_EXIT,
    MeasureKind.REVOKE: MAY_BE_REVOKED,
    MeasureKind.CREDIT: (*MAY_EXIT, Stage.COMPLETED, Stage.ORDINARY, Stage.REVOKED),
}
UNDECIDED = (MeasureState.INTENDED, MeasureState.HEARD)


def bears(kind: str, ground: str) -> bool:
    """Whether a ground bears a measure of a kind."""
    return ground in GROUNDS.get(MeasureKind(kind), ())


def meets(kind: str, stage: str) -> bool:
    """Whether a case at a stage can be met by a measure of a kind."""
    return stage in STAGES[MeasureKind(kind)]


def at_once(kind: str, ground: str) -> bool:
    """Whether the decision may come before the enterprise was heard: only the works that endanger people."""
    return kind == MeasureKind.STOP and ground == Ground.DANGER


def needs_finding(ground: str) -> bool:
    """Whether the ground is a breach that was found and not mended."""
    return ground == Ground.NOT_MENDED


def ground_words(ground: str) -> str:
    """Return a ground in words, the article that it names written out."""
    return in_words(str(Ground(ground).label))
