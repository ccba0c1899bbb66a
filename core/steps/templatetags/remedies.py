"""Within which periods an act is contested, as the rulebook in force has them from the law."""

from django import template
from django.utils.translation import gettext as _

from core import clock
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import rulebook_at, value_of

register = template.Library()
REVIEW, SUIT = "20a", "P156"  # 行政复议法 20, 行政诉讼法 46


@register.simple_tag
def to_contest(in_force: RulebookEdition | None = None) -> dict[str, str]:
    """Return the two periods in words: `review` and `suit`; no number is made up where the rulebook has none.

    `in_force` is the rulebook in force where the page has read it already.
    """
    book = in_force or rulebook_at(clock.now())
    unsaid = _("法定期限内")
    found = {}
    for name, code, words in (("review", REVIEW, _("%(n)s日内")), ("suit", SUIT, _("%(n)s个月内"))):
        try:
            found[name] = words % {"n": value_of(book, code).number}
        except KeyError:
            found[name] = unsaid
    return found
