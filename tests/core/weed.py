"""A real server that speaks S3 (SeaweedFS), started for a test on ports of its own; it keeps what it has on a disk."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

ACCESS, SECRET, BUCKET, REGION = (
    "EXAMPLEACCESSKEY",
    "example-secret-of-a-test",
    "chengnuo",
    "us-east-1",
)
PORTS = ("master.port", "volume.port", "filer.port", "s3.port", "s3.port.iceberg", "s3.port.lance")


def program():
    """The server's program, None where it is not installed (requirements/hunt.txt)."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


def _free():
    """A port that is free, and with it the one 10,000 above, at which the server's parts talk to each other."""
    while True:
        with closing(socket.socket()) as one, closing(socket.socket()) as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            if port <= 55_535:
                with suppress(OSError):
                    two.bind(("127.0.0.1", port + 10_000))
                    return port


class Weed:
    """The server; `stop()` kills it as a power cut does, `start()` brings it up with what is on its disk."""

    def __init__(self, folder, certificate=None):
        self.folder, self.certificate, self.process = folder, certificate, None
        self.ports = {name: _free() for name in PORTS}
        keys = [{"accessKey": ACCESS, "secretKey": SECRET}]
        doors = [
            {"name": "chengnuo", "credentials": keys, "actions": ["Admin", "Read", "Write", "List"]}
        ]
        (folder / "data").mkdir()
        (folder / "keys.json").write_text(json.dumps({"identities": doors}), "utf-8")
        self.address = f"http{'s' * bool(certificate)}://127.0.0.1:{self.ports['s3.port']}"

    def start(self):
        said = {
            "dir": self.folder / "data", "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "volume.max": 8,
            "master.telemetry": "false", "master.volumeSizeLimitMB": 256, "s3.autoCreateBucket": "false",
            "s3.config": self.folder / "keys.json",
        }  # fmt: skip
        if self.certificate:
            said |= {"s3.cert.file": self.certificate, "s3.key.file": self.certificate}
        words = [f"-{name}={value}" for name, value in (said | self.ports).items()]
        with (self.folder / "weed.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program(), "server", "-s3", *words], stdout=log, stderr=log, cwd=self.folder
            )
        for _try in range(240):
            assert self.process.poll() is None, (self.folder / "weed.log").read_text()[-3000:]
            if self._answers():
                return
            time.sleep(0.25)
        self.stop()
        raise AssertionError("the server did not come up within a minute")

    def _answers(self):
        """Whether it takes an object; its parts come up one after the other."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            with closing(socket.create_connection(("127.0.0.1", self.ports["s3.port"]), 1)):
                pass
            client = self.client()
            with suppress(
                client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists
            ):
                client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="probe", Body=b"1")
            client.delete_object(Bucket=BUCKET, Key="probe")
        except (OSError, BotoCoreError, ClientError):
            return False
        return True

    def client(self):
        import boto3

        return boto3.client(
            "s3", endpoint_url=self.address, aws_access_key_id=ACCESS, aws_secret_access_key=SECRET,
            region_name=REGION, verify=str(self.certificate) if self.certificate else None,
        )  # fmt: skip

    def stop(self):
        self.process.kill()
        self.process.wait(20)

    def unsigned(self, path):
        """Ask as anybody would; the status of the answer."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code
