"""A bucket that speaks S3 over a socket and believes nobody: a request is signed (AWS Signature 4), or refused.

Only what a storage asks for: put, get with a range, head, delete, a list, and an upload in parts.
"""

import hashlib
import hmac
import http.server
import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

ACCESS, SECRET, REGION = "EXAMPLEACCESSKEY", "example-secret-of-a-test", "us-east-1"
SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)
ANSWER = '<?xml version="1.0" encoding="UTF-8"?>{}'


def _mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(secret, day, region, stamp, canonical):
    """The signature of a canonical request, as the protocol reckons it."""
    scope = f"{day}/{region}/s3/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    said = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    key = ("AWS4" + secret).encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _mac(key, part)
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


class Bucket(http.server.BaseHTTPRequestHandler):
    """One request; `server.kept` are the objects by their path, `breaks` shuts the line in the middle of a PUT."""

    protocol_version = "HTTP/1.1"

    def _signed(self, body):
        """Whether the request is signed with the key, and the body is the one that was signed."""
        found = SIGNED.fullmatch(self.headers.get("Authorization", ""))
        if found is None or found[1] != ACCESS or found[3] != REGION:
            return False
        names, stamp = found[4].split(";"), self.headers.get("x-amz-date", "")
        if (
            not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names)
            or stamp[:8] != found[2]
        ):
            return False
        split, payload = urlsplit(self.path), self.headers.get("x-amz-content-sha256", "")
        query = sorted(
            (quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(split.query, True)
        )
        headers = "".join(
            f"{name}:{' '.join((self.headers.get(name) or '').split())}\n" for name in names
        )
        canonical = "\n".join([
            self.command, quote(unquote(split.path), safe="/-_.~"), "&".join(f"{k}={v}" for k, v in query),
            headers, found[4], payload,
        ])  # fmt: skip
        good = signature(SECRET, found[2], found[3], stamp, canonical)
        whole = (
            payload.startswith(("UNSIGNED", "STREAMING"))
            or payload == hashlib.sha256(body).hexdigest()
        )
        return whole and hmac.compare_digest(good, found[5])

    def _body(self):
        size = int(self.headers.get("Content-Length") or 0)
        if self.command == "PUT" and self.server.breaks:
            self.rfile.read(size // 2)
            self.close_connection = True
            self.connection.close()
            return None
        return self.rfile.read(size)

    def _answered(self):
        body = self._body()
        if body is None:
            return
        self.server.asked.append(self.command)
        if not self._signed(body):
            self._say(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>")
            return
        split = urlsplit(self.path)
        getattr(self, f"_{self.command.lower()}")(
            unquote(split.path), dict(parse_qsl(split.query, True)), body
        )

    do_PUT = do_GET = do_HEAD = do_DELETE = do_POST = _answered  # noqa: N815 - the server's names

    def _say(self, status, body="", **headers):
        if isinstance(body, str):
            body = ANSWER.format(body).encode() if body else b""
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _plain(self, body):
        """Take the frames of aws-chunked off."""
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return body
        plain = b""
        while body:
            head, _line, body = body.partition(b"\r\n")
            size = int(head.partition(b";")[0], 16)
            if not size:
                break
            plain, body = plain + body[:size], body[size + 2 :]
        return plain

    def _put(self, path, asked, body):
        body = self._plain(body)
        etag = hashlib.md5(body).hexdigest()  # as the protocol has it
        if "uploadId" in asked:
            self.server.parts[asked["uploadId"]][int(asked["partNumber"])] = body
        else:
            self.server.kept[path] = body
        self._say(200, ETag=f'"{etag}"')

    def _post(self, path, asked, _body):
        if "uploads" in asked:
            name = f"upload{len(self.server.parts)}"
            self.server.parts[name] = {}
            self._say(
                200,
                f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>",
            )
            return
        parts = self.server.parts.pop(asked["uploadId"])
        self.server.kept[path] = b"".join(parts[number] for number in sorted(parts))
        self._say(
            200,
            f"<CompleteMultipartUploadResult><Key>{escape(path)}</Key></CompleteMultipartUploadResult>",
        )

    def _get(self, path, _asked, _body):
        if path not in self.server.kept:
            self._say(404, "<Error><Code>NoSuchKey</Code></Error>")
            return
        found, ranged = (
            self.server.kept[path],
            re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")),
        )
        more = {"ETag": '"e"', "Last_Modified": "Mon, 05 Mar 2018 01:00:00 GMT"}
        if ranged:
            first, last = int(ranged[1]), min(int(ranged[2] or len(found)), len(found) - 1)
            more["Content_Range"] = f"bytes {first}-{last}/{len(found)}"
            self._say(206, found[first : last + 1], **more)
        else:
            self._say(200, found, **more)

    _head = _get

    def _delete(self, path, _asked, _body):
        self.server.kept.pop(path, None)
        self._say(204)

    def log_message(self, *_said):
        """Nothing on the screen of whoever tests."""
