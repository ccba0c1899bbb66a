"""查毒: every file that was handed in is given to the county's clamd; until it has answered, nobody opens the file.

The scanner never holds up an act: a file is received when it is handed in, and the limits run. Where the scanner is
down, files wait, and are looked through when it is back; nothing is lost and nothing is let through.
"""

import logging
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from core.documents.models import Attachment
from core.documents.stages import Scan

log = logging.getLogger("chengnuo.scanning")
PIECE = 1 << 16
PATIENCE = 60.0  # seconds without a word from the scanner
AT_ONCE = 20  # files in one go, so that other work of the clerk is not held up

# What other desks do about a file in which something was found: the file, and when. Filled in ready().
Found = Callable[[Attachment, datetime], None]
FOUND: list[Found] = []


class ScannerDown(Exception):
    """The scanner cannot be asked, or answers what is no answer; the file goes on waiting."""


def on_found(follow: Found) -> Found:
    """Name a function that is called, in the transaction of the finding, with the file and the instant."""
    FOUND.append(follow)
    return follow


def ask(address: str, pieces: Iterator[bytes]) -> str:
    """Return what clamd calls the thing it found, or an empty word; raise ScannerDown where it gives no answer.

    The address is `unix:/run/clamav/clamd.ctl` or `tcp:host:3310`. The conversation is clamd's INSTREAM: pieces, each
    with its length before it, and a length of nothing at the end.
    """
    try:
        with closing(_reach(address)) as line:
            line.sendall(b"zINSTREAM\0")
            for piece in pieces:
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            said = _answer(line)
    except (OSError, ValueError) as fault:
        raise ScannerDown(str(fault)) from fault
    _who, _colon, verdict = said.partition(": ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerDown(said)


def _reach(address: str) -> socket.socket:
    kind, _colon, place = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        line.connect(place)
        return line
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0"):
        heard = line.recv(4096)
        if not heard or len(said) > PIECE:
            break
        said += heard
    return said.rstrip(b"\0\n").decode(errors="replace")


def scan_waiting(now: datetime) -> int:
    """Look through files that wait, oldest first; return how many were settled, each of them once."""
    if not settings.CLAMD:
        return 0
    settled = 0
    for waiting in Attachment.objects.filter(scan=Scan.WAITING)[:AT_ONCE]:
        try:
            with waiting.file.open("rb") as file:
                found = ask(settings.CLAMD, iter(lambda: file.read(PIECE), b""))
        except ScannerDown as fault:
            log.warning("the scanner gives no answer, files wait: %s", fault)
            break
        except FileNotFoundError:
            log.exception("file %s is not in its place", waiting.pk)
            continue
        settled += _settle(waiting, found, now)
    return settled


@transaction.atomic
def _settle(waiting: Attachment, found: str, now: datetime) -> int:
    said: dict[str, Any] = {
        "scan": Scan.INFECTED if found else Scan.CLEAN,
        "scan_found": found[:120],
    }
    changed = Attachment.objects.filter(pk=waiting.pk, scan=Scan.WAITING).update(
        **said, scanned_at=now
    )
    if changed and found:
        waiting.refresh_from_db()
        for follow in FOUND:
            follow(waiting, now)
    return changed
