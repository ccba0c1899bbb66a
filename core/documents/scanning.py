"""查毒: every file that was handed in is given to the county's clamd; until it has answered, nobody opens the file.

The scanner never holds up an act: a file is received when it is handed in, and the limits run. Where the scanner is
down, files wait, and are looked through when it is back; nothing is lost and nothing is let through.
"""

import logging
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

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


class NotReached(ScannerDown):
    """No scanner listens at the address; no other file needs to be tried now."""


def on_found(follow: Found) -> Found:
    """Name a function that is called, in the transaction of the finding, with the file and the instant."""
    FOUND.append(follow)
    return follow


def ask(address: str, pieces: Iterator[bytes]) -> str:
    """Return what clamd calls the thing it found, or an empty word; raise ScannerDown where it gives no answer.

    The address is `unix:/run/clamav/clamd.ctl` or `tcp:host:3310`. The conversation is clamd's INSTREAM: pieces, each
    with its length before it, and a length of nothing at the end.
    """
    with closing(_reach(address)) as line:
        try:
            line.sendall(b"zINSTREAM\0")
            for piece in pieces:
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            said = _answer(line)
        except OSError as fault:
            raise ScannerDown(str(fault)) from fault
    _who, _colon, verdict = said.partition(": ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerDown(said)


def _reach(address: str) -> socket.socket:
    kind, _colon, place = address.partition(":")
    host, _colon, port = place.rpartition(":")
    try:
        if kind != "unix":
            return socket.create_connection((host, int(port)), timeout=PATIENCE)
        line = socket.socket(socket.AF_UNIX)
        with ExitStack() as unless_it_fails:
            unless_it_fails.enter_context(line)
            line.settimeout(PATIENCE)
            line.connect(place)
            unless_it_fails.pop_all()
    except (OSError, ValueError) as fault:
        raise NotReached(str(fault)) from fault
    return line


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0"):
        heard = line.recv(4096)
        if not heard or len(said) > PIECE:
            break
        said += heard
    return said.rstrip(b"\0\n").decode(errors="replace")


def scan_waiting(now: datetime) -> int:
    """Look through files that wait; return how many were settled, each of them once.

    A file at which the scanner fails goes to the back, so that it holds up no other. Where the county has taken its
    scanner away, what waited says again that it was not scanned.
    """
    waiting = Attachment.objects.filter(scan=Scan.WAITING)
    if not settings.CLAMD:
        waiting.update(scan=Scan.NONE)
        return 0
    settled = 0
    for file in waiting.order_by(F("scanned_at").asc(nulls_first=True), "pk")[:AT_ONCE]:
        try:
            settled += _settle(file, _asked_about(file), now)
        except NotReached as fault:
            log.warning("the scanner is not there, files wait: %s", fault)
            break
        except (ScannerDown, OSError):
            log.exception("file %s could not be scanned and is tried again later", file.pk)
            Attachment.objects.filter(pk=file.pk, scan=Scan.WAITING).update(scanned_at=now)
    return settled


def _asked_about(waiting: Attachment) -> str:
    with waiting.file.open("rb") as file:
        return ask(settings.CLAMD, iter(lambda: file.read(PIECE), b""))


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
