"""A draw as it comes about: the round of the day has announced it before anybody draws."""

from core.ledger.checkpoints import make_checkpoint
from core.ledger.keys import has_key
from inspection.services import draw_again, draw_random_checks
from inspection.services.pledges import announce_in_time


def _announced(w):
    """Announce the next draw where it was not; a county with a key makes the checkpoint that a draw waits for."""
    if announce_in_time(w.now) is not None and has_key():
        make_checkpoint(w.minutes())


def drawn(w, *, by):
    """Announce the quarter's draw where it was not, and draw."""
    _announced(w)
    return w.do(draw_random_checks, by=by)


def drawn_again(w, first, *, by, reason="漏列项目"):
    """Announce the second draw of the quarter where it was not, and draw anew."""
    _announced(w)
    return w.do(draw_again, first, reason=reason, by=by)
