"""Lighthouse's own mark for accessibility: a browser with a port of its own, and a program of Node that asks it."""

import json
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import playwright
from django.conf import settings

HERE = Path(__file__).parent / "lighthouse" / "score.mjs"
KEPT = Path(settings.BASE_DIR) / "var" / "lighthouse"  # deploy/lighthouse.sh puts it there
PATIENCE = 30  # seconds in which a browser opens its port
# The browser's driver brings a Node with it, the same on every machine.
NODE = Path(playwright.__file__).parent / "driver" / "node"


def installed():
    """Whether Lighthouse is here."""
    return (KEPT / "node_modules" / "lighthouse").is_dir()


@contextmanager
def opened(program, arguments, folder):
    """A browser that listens on a port of its own choice; yields the port."""
    process = subprocess.Popen(
        [program, *arguments, "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield _port(Path(folder) / "DevToolsActivePort")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _port(file):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if file.exists() and (found := re.match(r"(\d+)\n", file.read_text())):
            return int(found[1])
        time.sleep(0.1)
    raise TimeoutError(file)


def marks(addresses, port, width):
    """Return what Lighthouse says of each address: `score` of 1, what it `asked` and what `failed`, with its weight."""
    node = str(NODE) if NODE.exists() else shutil.which("node")
    done = subprocess.run(
        [node, HERE, KEPT, str(port), str(width)], input="\n".join(addresses), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
