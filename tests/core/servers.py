"""Servers on this machine that say what a test wants them to: a mail server and a gateway."""

import socketserver
import ssl
import subprocess
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Talk(socketserver.StreamRequestHandler):
    """SMTP as far as a letter goes; `server.says` gives other answers to a verb, `server.dies_after` hangs up."""

    timeout = 20

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            text = line.decode().strip()
            verb = text.split(maxsplit=1)[0].upper() if text else ""
            self.server.heard.append(text)
            if self.server.says.get(verb):
                self.say(self.server.says[verb])
            elif not self.answer(verb):
                return

    def answer(self, verb):
        """Answer a verb as a server does; False ends the talk."""
        if verb in ("EHLO", "HELO"):
            self.say("250-here")
            offers = ["STARTTLS"] if self.server.tls and not self.is_tls() else []
            offers += ["AUTH PLAIN"] if self.server.accounts else []
            for offer in offers:
                self.say(f"250-{offer}")
            self.say("250 SMTPUTF8" if self.server.utf8 else "250 8BITMIME")
        elif verb == "STARTTLS":
            self.say("220 go on")
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.setup()
        elif verb == "DATA":
            self.say("354 go on")
            return self.take()
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("235 known" if verb == "AUTH" else "250 OK")
        return True

    def take(self):
        """Take a letter; a server that dies has it and never says so."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.refuses_content:
            self.say(self.server.refuses_content)
            return True
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.letters.append(letter)
        if self.server.kills:
            self.server.kills()
        if len(self.server.letters) in self.server.dies_after:
            return False
        self.say("250 taken")
        return True

    def is_tls(self):
        return isinstance(self.request, ssl.SSLSocket)

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on a free port of this machine."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *, tls=None, utf8=True, accounts=False):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.tls, self.utf8, self.accounts = tls, utf8, accounts
        self.heard, self.letters, self.says, self.dies_after = [], [], {}, set()
        self.refuses_content, self.kills, self.victim = "", None, 0

    @property
    def port(self):
        return self.server_address[1]

    def ids(self):
        """The Message-IDs in the order of arrival."""
        return [letter["Message-ID"] for letter in self.letters]

    def handle_error(self, request, client_address):
        """A client that leaves is no fault of the server."""


class _Asked(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, answer, headers = self.server.next_answer()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        """Nothing is written to the terminal."""


for _verb in ("GET", "POST"):
    setattr(_Asked, f"do_{_verb}", _Asked.answer)


class GatewayServer(ThreadingHTTPServer):
    """A gateway on a free port; answers `answers` in turn, then 200."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Asked)
        self.asked, self.answers = [], []

    @property
    def port(self):
        return self.server_address[1]

    def next_answer(self):
        return self.answers.pop(0) if self.answers else (200, b'{"errcode":0}', {})


@contextmanager
def serving(server):
    """Serve in a thread while the block runs."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def certificate(folder):
    """A certificate for localhost that nobody signed; its key and itself in one file."""
    place = folder / "localhost.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", place, "-out", folder / "c.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    place.write_text(place.read_text() + (folder / "c.pem").read_text())
    return place
