"""DATABASE_URL: what the start refuses in one line, and the tests' own server, which leaves nothing behind."""

import os
import signal
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler
from environ import Env

from config import settings

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL_3 = 196608


def prepare():
    """The script that makes the database ready, as a module."""
    spec = spec_from_file_location("prepare", ROOT / "deploy" / "prepare.py")
    found = module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def knocks(url):
    """Knock at the server of an address; return the line with which a start ends."""
    known = ConnectionHandler({"default": Env.db_url_config(url)})
    with pytest.raises(SystemExit) as refused:
        prepare().reach(known["default"])
    return str(refused.value)


def whole_start(url, tmp_path):
    """Start on a database in a process of its own; return the one line with which it ends."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "prepare.py")],
        env=os.environ
        | {"DATABASE_URL": url, "CHENGNUO_VAR": str(tmp_path), "CHENGNUO_SECRET_KEY": "a" * 50},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert (done.returncode, len(lines)) == (1, 1), lines
    return lines[0]


def message(kind, content):
    """One message of PostgreSQL's protocol."""
    return kind + struct.pack("!i", len(content) + 4) + content


def says_no(code, text):
    """What a server answers that lets nobody in."""
    fields = [b"SFATAL", b"VFATAL", b"C" + code.encode(), b"M" + text.encode(), b""]
    return message(b"E", b"\0".join(fields) + b"\0")


def welcomes(version, encoding="UTF8"):
    """What a server of a version answers to whom it lets in."""
    told = {
        "server_version": version,
        "server_encoding": encoding,
        "client_encoding": "UTF8",
        "standard_conforming_strings": "on",
    }
    parameters = [message(b"S", f"{key}\0{value}\0".encode()) for key, value in told.items()]
    ready = message(b"K", struct.pack("!ii", 1, 1)) + message(b"Z", b"I")
    return message(b"R", struct.pack("!i", 0)) + b"".join(parameters) + ready


@contextmanager
def server(answer):
    """A port behind which something answers every greeting of PostgreSQL's protocol with the same bytes."""

    def greet(visitor):
        with visitor:
            while head := visitor.recv(8):
                length, code = struct.unpack("!ii", head)
                visitor.recv(length - 8)
                if code == PROTOCOL_3:
                    visitor.sendall(answer)
                    visitor.recv(1024)  # the farewell
                    return
                visitor.sendall(b"N")  # no encryption here

    def serve(door):
        while True:
            try:
                visitor, _address = door.accept()
            except OSError:
                return
            greet(visitor)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = Thread(target=serve, args=[door], daemon=True)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            says_no("28P01", 'password authentication failed for user "county"'),
            "error: PostgreSQL at 127.0.0.1:{port} refuses the password of the user county",
        ),
        (
            says_no("3D000", 'database "chengnuo" does not exist'),
            "error: PostgreSQL at 127.0.0.1:{port} has no database chengnuo: createdb -O county chengnuo",
        ),
        (
            says_no("28000", 'role "county" does not exist'),
            "error: PostgreSQL at 127.0.0.1:{port} has no user county: createuser --pwprompt county",
        ),
        (
            says_no("53300", "sorry, too many clients already"),
            "error: PostgreSQL at 127.0.0.1:{port} cannot be reached: sorry, too many clients already",
        ),
        (
            welcomes("13.20"),
            "error: PostgreSQL at 127.0.0.1:{port} is of version 13; 14 or newer is needed",
        ),
        (
            welcomes("16.2", encoding="SQL_ASCII"),
            "error: the database chengnuo at 127.0.0.1:{port} is encoded in SQL_ASCII; UTF8 is needed",
        ),
    ],
    ids=["password", "database", "user", "full", "version", "encoding"],
)
def test_a_server_that_cannot_serve_us_is_named_in_one_line(answer, line):
    with server(answer) as port:
        said = knocks(f"postgres://county:geheim@127.0.0.1:{port}/chengnuo")

    assert said.removesuffix(" (DATABASE_URL)") == line.format(port=port)
    assert "geheim" not in said


def test_a_server_that_is_not_there_is_named_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

    said = whole_start(f"postgres://county:geheim@127.0.0.1:{port}/chengnuo", tmp_path)

    assert said == (
        f"error: PostgreSQL at 127.0.0.1:{port} cannot be reached: Connection refused (DATABASE_URL)"
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://county@localhost/chengnuo", "DATABASE_URL begins with sqlite:/// or postgres://"),
        ("chengnuo", "DATABASE_URL begins with sqlite:/// or postgres://"),
        ("postgres://localhost", "DATABASE_URL names no database"),
        ("postgres://county:a/b@localhost:5432/chengnuo", "in a password write / as %2F"),
    ],
)
def test_an_address_that_is_none_is_named(url, says, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(ImproperlyConfigured, match=says):
        settings._database()


# — the tests' own server ————————————————————————————————————————————————————————


def own_server(command):
    """Begin a command with a server of its own; return the process and the folder that DATABASE_URL names."""
    started = subprocess.Popen(
        # whoever runs the tests in the background has the interruption ignored, which a shell would inherit
        [
            "env",
            "--default-signal=INT",
            "bash",
            str(ROOT / "deploy" / "postgres.sh"),
            "sh",
            "-c",
            command,
        ],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    url = started.stdout.readline().strip()
    assert url.startswith("postgres://chengnuo@/")
    return started, Path(url.removeprefix("postgres://chengnuo@/").removesuffix("/postgres"))


def test_the_own_server_hands_on_how_the_command_ended_and_is_gone():
    started, folder = own_server("echo $DATABASE_URL; exit 7")

    assert started.wait(60) == 7
    assert not folder.exists()
    started.stdout.close()


def test_the_own_server_is_gone_after_an_interruption():
    started, folder = own_server("echo $DATABASE_URL; exec sleep 120")
    server_id = int((folder / "data" / "postmaster.pid").read_text().split()[0])

    os.killpg(started.pid, signal.SIGINT)

    assert started.wait(60) != 0
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server_id, 0)
    started.stdout.close()
