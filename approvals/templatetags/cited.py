"""法条引用 on pages: what the county pack cites in short is shown as a law is cited."""

from typing import Any

from django import template

from approvals.rules.citing import in_words

register = template.Library()


@register.filter
def cited(basis: Any) -> str:
    """Return a basis, or a choice that names an article behind its name, with its articles in words."""
    return in_words(str(basis or ""))
