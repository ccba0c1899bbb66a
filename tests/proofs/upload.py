"""The server, as it is installed, killed in the middle of a file that an enterprise's program sends in pieces.

    python -m tests.proofs.upload SEED KILLS

In turn when half of a piece has been sent, when a piece has been sent whole and its answer is awaited, and after a
moment drawn by chance, the whole server (gunicorn and what it has started) gets a SIGKILL; another is started and asked
where to go on. The file is handed in to a server that is killed meanwhile, and once more, with the same key, to the
next. Prints one line of JSON.
"""

import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.files import PDF
from tests.proofs.program import alone, begin, end
from tests.proofs.sender import Lost, Sender

ROOT = Path(__file__).parents[2]
NOW = "2018-03-06 09:00"
SMALLEST, LARGEST = 1 << 10, 700_000  # bytes of a piece
PER_KILL = 3 << 20  # bytes of the file for each kill, so that something is left for the last
LONGEST_LIFE = 0.15  # seconds of work before a kill by chance
HAND_IN = 0.05  # seconds in which a file is handed in, or not


class Server:
    """The server of an installation on a free port, in a group of processes of its own."""

    def __init__(self):
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        self.process, self.starts = None, 0

    def start(self):
        """Start it as deploy/run.sh does, and wait until it answers."""
        program = Path(sys.executable).with_name("gunicorn")
        asked = [program, "--config", "deploy/gunicorn.py", "config.wsgi:application"]
        own = {"PORT": str(self.port), "CHENGNUO_TICK_SECONDS": "3600", "CHENGNUO_DB_POOL": "10"}
        environment = {**os.environ, **own}
        self.process = subprocess.Popen(
            asked, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        self.starts += 1
        assert self._becomes(listening=True), "the server does not start"

    def kill(self):
        """End it, and all that it has started, at once; wait until nothing of it holds the door any more."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self._becomes(listening=False), "something of the killed server is left"

    def _becomes(self, *, listening):
        for _try in range(3000):
            with socket.socket() as door:
                if (door.connect_ex(("127.0.0.1", self.port)) == 0) is listening:
                    return True
            time.sleep(0.1)
        return False


@contextmanager
def killing(server, seconds):
    """Kill the server so many seconds from now; leave once it is dead."""
    timer = threading.Timer(seconds, server.kill)
    timer.start()
    try:
        yield
    finally:
        timer.join()


class Sent:
    """What has been sent of a file and what was acknowledged of it, by the answers alone."""

    def __init__(self, content, sender):
        self.content, self.sender = content, sender
        self.acknowledged = self.tried = 0
        self.id = ""

    def begins(self):
        """Announce it."""
        self.id = self.sender.post(
            "incoming/", {"name": "总平面图.pdf", "size": len(self.content)}
        )["id"]

    def goes_on(self, rng, **how):
        """Send the next piece; Lost where no answer comes."""
        offset = self.acknowledged
        piece = self.content[offset : offset + rng.randrange(SMALLEST, LARGEST)]
        self.tried = offset + len(piece)
        answer = self.sender.piece(f"incoming/{self.id}/receive/", offset, piece, **how)
        self.acknowledged = answer["received"]

    @property
    def whole(self):
        """Whether all of it was acknowledged."""
        return self.acknowledged == len(self.content)


def breaks_off(server, sent, rng, number):
    """Send until the server is killed; return whether a piece was under way."""
    for _before in range(rng.randrange(3)):
        sent.goes_on(rng)
    try:
        if number % 3 == 0:
            sent.goes_on(rng, half=server.kill)
        elif number % 3 == 1:
            sent.goes_on(rng, whole=lambda: (time.sleep(rng.random() / 100), server.kill()))
        else:
            with killing(server, rng.random() * LONGEST_LIFE):
                while not sent.whole:
                    sent.goes_on(rng)
    except Lost:
        return True
    return False


def looked_at(sent, place):
    """Ask where to go on; return what is wrong with what is there, and go on from there."""
    received = sent.sender.get(f"incoming/{sent.id}/")["received"]
    wrong = []
    if received < sent.acknowledged:
        wrong.append(f"{sent.acknowledged} bytes were acknowledged, {received} are there")
    if received > max(sent.tried, sent.acknowledged):
        wrong.append(f"{sent.tried} bytes were sent, {received} are said to be there")
    if received and place.read_bytes()[:received] != sent.content[:received]:
        wrong.append(f"of {received} bytes some are not those that were sent")
    sent.acknowledged = received
    return wrong


def handed_in(server, sent, rng, paper):
    """Hand the file in while the server is killed, and again with the same key; return what the second said."""
    address, body, key = (
        f"materials/{paper}/upload/",
        {"incoming": sent.id},
        "the-key-of-handing-this-in",
    )
    acknowledged = False
    with suppress(Lost), killing(server, rng.random() * HAND_IN):
        sent.sender.post(address, body, key=key)
        acknowledged = True
    server.start()
    return acknowledged, sent.sender.post(address, body, key=key)


def prepared():
    """A filing whose papers are wanted; return the key of one, and the secret of a token of its enterprise."""
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.services import make_token
    from accounts.stages import Scope
    from approvals import services
    from approvals.stages import Stage
    from core import clock
    from tests.conftest import everybody, instant
    from tests.walk import walk

    call_command("createcachetable", verbosity=0)
    way = walk(everybody(), instant("2018-03-05 09:00"), to=Stage.LISTED)
    way.do(services.acknowledge_checklist, way.filing, by=way.enterprise)
    clock.keep_shift(instant(NOW) - timezone.now())
    _token, secret = make_token(
        by=way.enterprise, name="发图纸的程序", scope=Scope.ACT, days=30, at=instant(NOW)
    )
    return way.filing.materials.intake()[0].pk, secret


def kept_of(paper):
    """What the filing has of it at last: files, their digests by the row and by the bytes, what is left in coming."""
    from approvals.models import Material
    from core.documents.models import Incoming
    from core.ledger.models import Entry
    from core.ledger.queries import verify_all

    material = Material.objects.get(pk=paper)
    files = [row.attachment for row in material.present]
    return {
        "names": [one.name for one in files],
        "by_row": [one.sha256 for one in files],
        "by_bytes": [hashlib.sha256(one.file.read()).hexdigest() for one in files],
        "entries": Entry.objects.filter(book=material.filing.book, act="upload_material").count(),
        "in_coming": Incoming.objects.count(),
        "faults": [str(fault) for fault in verify_all()[2]],
    }


def main(seed, kills):
    """Send one file through so many kills, hand it in through one more, and say what is there."""
    begin()
    from django.conf import settings

    paper, secret = prepared()
    alone()
    rng, server = random.Random(seed), Server()
    content = PDF + b"%" + rng.randbytes(kills * PER_KILL // 2).hex().encode() + b"\n%%EOF\n"
    sent, at_work, wrong = Sent(content, Sender(server, secret)), 0, []
    try:
        server.start()
        sent.begins()
        for number in range(kills):
            at_work += breaks_off(server, sent, rng, number)
            server.start()
            wrong += looked_at(sent, settings.INCOMING_DIR / sent.id)
        after_kills = sent.acknowledged
        while not sent.whole:
            sent.goes_on(rng)
        acknowledged, said = handed_in(server, sent, rng, paper)
    finally:
        server.kill()  # what was acknowledged by now is on the disk
    end(
        kills=kills, at_work=at_work, wrong=wrong, size=len(content), after_kills=after_kills, starts=server.starts,
        acknowledged_before_the_kill=acknowledged, state=said["state"],
        sha256=hashlib.sha256(content).hexdigest(), **kept_of(paper),
    )  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
