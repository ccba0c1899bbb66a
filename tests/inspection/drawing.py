"""A draw as it comes about: the round of the day has announced it before anybody draws."""

from inspection.services import draw_again, draw_random_checks
from inspection.services.pledges import announce_in_time


def drawn(w, *, by):
    """Announce the quarter's draw where it was not, and draw."""
    announce_in_time(w.now)
    return w.do(draw_random_checks, by=by)


def drawn_again(w, first, *, by, reason="漏列项目"):
    """Announce the second draw of the quarter where it was not, and draw anew."""
    announce_in_time(w.now)
    return w.do(draw_again, first, reason=reason, by=by)
