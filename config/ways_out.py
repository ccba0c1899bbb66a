"""The settings by which messages leave the system: mail, digests, quiet hours, and a gateway for SMS or chat."""

from datetime import time
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SHAPE = '{"id": "{id}", "to": "{to}", "text": "{subject}", "link": "{link}"}'


def ways_out(env: environ.Env) -> dict[str, Any]:
    """Return the settings as the environment gives them; where it is silent, nothing leaves."""
    return {
        **env.email_url("EMAIL_URL", default="dummymail://"),
        "EMAIL_TIMEOUT": env.float("CHENGNUO_MAIL_TIMEOUT", default=20.0),
        "DEFAULT_FROM_EMAIL": env("CHENGNUO_MAIL_FROM", default="chengnuo@localhost"),
        "DIGEST_FROM": env.int("CHENGNUO_DIGEST_FROM", default=10),
        "QUIET_HOURS": quiet_hours(env("CHENGNUO_QUIET_HOURS", default="")),
        "WEBHOOK_URL": env("CHENGNUO_WEBHOOK_URL", default=""),
        "WEBHOOK_HOSTS": env.list("CHENGNUO_WEBHOOK_HOSTS", default=[]),
        "WEBHOOK_SECRET": env("CHENGNUO_WEBHOOK_SECRET", default=""),
        "WEBHOOK_BODY": env("CHENGNUO_WEBHOOK_BODY", default="") or SHAPE,
        "WEBHOOK_TIMEOUT": env.float("CHENGNUO_WEBHOOK_TIMEOUT", default=10.0),
    }


def quiet_hours(text: str) -> tuple[time, time] | None:
    """Return begin and end of the hours in which only legal service leaves, of 22:00-07:00; None where none are set."""
    if not text:
        return None
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError as error:
        raise ImproperlyConfigured("CHENGNUO_QUIET_HOURS is written 22:00-07:00") from error
    return (begin, end)
