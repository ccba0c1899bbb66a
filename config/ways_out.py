"""The settings by which something leaves the system: mail, digests, quiet hours, a gateway, signed checkpoints."""

import re
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.seals import seals

MOST_OF_A_NAME = 120  # characters, as the list of keys has room for
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
        # A county that has said where the public finds it watches its notices there; a demonstration has no public.
        "NOTICE_WATCH": env.bool(
            "CHENGNUO_NOTICE_WATCH",
            default=bool(env("CHENGNUO_SITE_URL", default=""))
            and not env.bool("CHENGNUO_DEMO", default=False),
        ),
        "CHECKPOINT_KEY": Path(env("CHENGNUO_CHECKPOINT_KEY", default="") or key),
        "CHECKPOINT_SEEN": seen_at(env, key),
        "LEDGER_NAME": ledger_name(env("CHENGNUO_LEDGER_NAME", default=""), site_url),
    }


def seen_at(env: environ.Env, key: Path) -> Path | None:
    """Return the folder of checkpoints that were seen, beside the database and never in it; `none`: there is none."""
    said = env("CHENGNUO_CHECKPOINT_SEEN", default="")
    if said == "none" or (not said and key.name.endswith(".of_tests")):
        return None
    return Path(said or key.parent / "seen")


def ledger_name(text: str, site_url: str) -> str:
    """Return the name of the log, else the site's; a name that its own checkpoints could not be read under is none."""
    if re.search(r"[\s+]", text) or len(text) > MOST_OF_A_NAME:
        raise ImproperlyConfigured(
            "CHENGNUO_LEDGER_NAME has no blank, no + and at most 120 characters"
        )
    return text or f"{urlsplit(site_url).netloc}/ledger"


def quiet_hours(text: str) -> tuple[time, time] | None:
    """Return begin and end of the hours in which only legal service leaves, of 22:00-07:00; None where none are set."""
    if not text:
        return None
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError as error:
        raise ImproperlyConfigured("CHENGNUO_QUIET_HOURS is written 22:00-07:00") from error
    return (begin, end)
