"""An enterprise's program that sends over HTTP, with a token and a key for each step, and knows when no answer came."""

import json
import uuid
from http.client import HTTPConnection, HTTPException

BORDER = "the-border-of-a-piece"


class Lost(Exception):
    """No answer came: whether it was done is not known."""


class Sender:
    """A program with the secret of a token; each request has a connection of its own."""

    def __init__(self, server, secret):
        self.server, self.secret = server, secret

    def get(self, address):
        """Read."""
        return self._answer(*self._asked("GET", address, b"", {}))

    def post(self, address, body, *, key=""):
        """Take a step; a new key unless one is given."""
        more = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4())}
        return self._answer(*self._asked("POST", address, json.dumps(body).encode(), more))

    def piece(self, address, offset, piece, *, half=None, whole=None):
        """Send a piece; call `half` when half of it is sent, `whole` when all of it is and no answer is read yet."""
        body = _form(offset, piece)
        more = {
            "Content-Type": f"multipart/form-data; boundary={BORDER}",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        return self._answer(*self._asked("POST", address, body, more, half=half, whole=whole))

    def _asked(self, verb, address, body, more, *, half=None, whole=None):
        line = HTTPConnection("127.0.0.1", self.server.port, timeout=300)
        try:
            line.putrequest(verb, f"/api/v1/{address}")
            for name, said in {
                "Authorization": f"Bearer {self.secret}",
                "Content-Length": str(len(body)),
                **more,
            }.items():
                line.putheader(name, said)
            line.endheaders(body[: len(body) // 2])
            if half:
                half()
            line.send(body[len(body) // 2 :])
            if whole:
                whole()
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException) as broken:
            raise Lost from broken
        finally:
            line.close()

    def _answer(self, status, body):
        said = json.loads(body)
        assert status < 400, said
        return said


def _form(offset, piece):
    head = f'--{BORDER}\r\nContent-Disposition: form-data; name="offset"\r\n\r\n{offset}\r\n'
    file = f'--{BORDER}\r\nContent-Disposition: form-data; name="piece"; filename="piece"\r\n\r\n'
    return f"{head}{file}".encode() + piece + f"\r\n--{BORDER}--\r\n".encode()
