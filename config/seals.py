"""The settings of signing papers with the county's certificate; where they are silent, no paper is signed with one."""

from pathlib import Path
from typing import Any

import environ


def seals(env: environ.Env) -> dict[str, Any]:
    """Return the settings: files that lie outside of the database, and the address of a time stamp authority."""

    def file(name: str) -> Path | None:
        given = env(name, default="")
        return Path(given) if given else None

    return {
        "SIGNING_P12": file("CHENGNUO_SIGNING_P12"),
        "SIGNING_PASSPHRASE": file("CHENGNUO_SIGNING_PASSPHRASE_FILE"),
        "SIGNING_ROOTS": file("CHENGNUO_SIGNING_ROOTS"),
        "SIGNING_CRLS": file("CHENGNUO_SIGNING_CRLS"),
        "SIGNING_TSA": env("CHENGNUO_SIGNING_TSA", default=""),
        "SIGNING_TSA_TIMEOUT": env.float("CHENGNUO_SIGNING_TSA_TIMEOUT", default=8.0),
    }
