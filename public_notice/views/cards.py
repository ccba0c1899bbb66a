"""A notice as lists show it."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from public_notice.models import Notice
from public_notice.queries import standing


def card(notice: Notice, at: datetime) -> dict[str, Any]:
    """Return a notice for a list: everything shown comes from what was published."""
    stand = standing(notice, at)
    return {
        "title": notice.title,
        "url": reverse("public_notice:notice", args=[notice.public_id]),
        "enterprise": notice.content["enterprise"]["name"],
        "project": notice.content["project"]["name"],
        "code": notice.content["project"]["code"],
        "site": notice.content["project"]["location"],
        "start": notice.starts_on,
        "end": notice.ends_on,
        "days_left_text": stand.word,
        "light": stand.light,
    }
