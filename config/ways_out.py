"""The settings by which something leaves the system: mail, digests, quiet hours, a gateway, signed checkpoints."""

from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.seals import seals

SHAPE = '{"id": "{id}", "to": "{to}", "text": "{subject}", "link": "{link}"}'


def ways_out(env: environ.Env, site_url: str, key: Path) -> dict[str, Any]:
    """Return the settings as the environment gives them; where it is silent, no message leaves.

    The key of the checkpoints (`key` unless another file is given) is outside of the database, so that who holds one
    has not the other. The name of the log is for ever: the first checkpoint fixes it.
    """
    return {
        **seals(env),
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
        "CHECKPOINT_KEY": Path(env("CHENGNUO_CHECKPOINT_KEY", default="") or key),
        "LEDGER_NAME": env("CHENGNUO_LEDGER_NAME", default="")
        or f"{urlsplit(site_url).netloc}/ledger",
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
