"""Filters of paper templates."""

from django import template

register = template.Library()

ENDS = "。！？；：….!?;:"  # those of a half-width keyboard too
CLOSING = "”’）》」』】\"')]"


@register.filter
def sentence(text: str) -> str:
    """End what somebody typed like a sentence, where it does not; nothing stays nothing."""
    said = text.rstrip()
    if not said or said.rstrip(CLOSING)[-1:] in ENDS:
        return said
    return f"{said}。"
