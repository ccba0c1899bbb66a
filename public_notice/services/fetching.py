"""Asking for one of our own public pages through the front door, as a stranger's browser does."""

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass

PATIENCE = 5.0  # seconds; a page that takes longer is not there for a person either
MOST_READ = 2 << 20


@dataclass(frozen=True)
class Answer:
    """What came back: the status (None: nobody answered) and the page."""

    status: int | None
    body: bytes = b""


def fetch(address: str) -> Answer:
    """Return what an http(s) address answers; no fault of the network is raised, for it is what is asked about."""
    if not address.startswith(("http://", "https://")):
        raise ValueError(address)
    wanted = urllib.request.Request(  # noqa: S310 - http(s) alone, seen to above
        address, headers={"User-Agent": "chengnuo-watch", "Cache-Control": "no-cache"}
    )
    try:
        with urllib.request.urlopen(wanted, timeout=PATIENCE) as found:  # noqa: S310 - as above
            return Answer(found.status, found.read(MOST_READ))
    except urllib.error.HTTPError as refused:
        refused.close()
        return Answer(refused.code)
    except (OSError, http.client.HTTPException):
        return Answer(None)
