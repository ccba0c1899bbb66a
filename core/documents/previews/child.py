"""The child in which a file of others is opened: nothing of the house is in it, and little of the machine.

Run as `python -I child.py KIND FILE PAGE`, with what it draws on its standard output, which is a file. Before it opens
anything it bounds its memory, time and output, gives up new processes, and asks the kernel to refuse it every socket;
where the kernel cannot, it ends without having opened the file. It then becomes poppler's program or draws a picture.
Of what a file carries its type stands in the place of the page.
"""

import ctypes
import io
import os
import platform
import resource
import runpy
import struct
import sys
from pathlib import Path
from typing import Any

MEMORY = 1 << 30  # bytes of addresses: an A0 drawing at 300 dots to the inch takes 560 MB unpacked
SECONDS = 15  # of the processor
OUTPUT = 32 << 20
FILES = 64  # open at once
SIDE = 1600  # dots of the longer side of a page
SMALL_SIDE = 480  # of a picture that is printed on a paper beside others
SMALL_BYTES = 40_000  # of such a picture, so that a paper with a dozen stays below half a megabyte
SMALL_STEPS = ((SMALL_SIDE, 75), (SMALL_SIDE, 50), (SMALL_SIDE, 25), (SMALL_SIDE // 2, 25))
MOST_PIXELS = 150_000_000  # as at the door

# The system calls that lead to a network, by machine: its mark in the kernel's audit, `socket` and `socketpair`.
MACHINES = {"x86_64": (0xC000003E, (41, 53)), "aarch64": (0xC00000B7, (198, 199))}
RINGS = 425  # io_uring_setup, by which sockets are opened, too
OTHER_CALLS = (
    0x40000000  # numbers from here on are another way to call, by which a list would be got round
)
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2


class Program(ctypes.Structure):
    """A filter as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def bound() -> None:
    """Take what is needed for one page and nothing more; none of it can be taken back."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)


def without_network() -> None:
    """Have the kernel refuse every socket from now on, to programs this one becomes, too; OSError where it cannot."""
    machine, sockets = MACHINES[platform.machine()]
    refused = (*sockets, RINGS)
    last = len(refused)
    steps = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, machine),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),
        (AT_LEAST, last + 1, 0, OTHER_CALLS),
        *((EQUAL, last - place, 0, call) for place, call in enumerate(refused)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    packed = b"".join(struct.pack("=HBBI", *step) for step in steps)
    library = ctypes.CDLL(None, use_errno=True)
    program = Program(len(steps), packed)
    for asked in (
        (NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        (SECCOMP, FILTER, ctypes.byref(program), 0, 0),
    ):
        if library.prctl(*asked):
            raise OSError(ctypes.get_errno(), "the kernel takes no filter")


def drawn_anew(place: Any, side: int, formats: tuple[str, ...] = ("JPEG", "PNG")) -> Any:
    """Return a picture small, upright and on white; whatever else the file held is not in it."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - only where a picture is drawn

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(place, formats=formats) as opened:
        opened.draft("RGB", (side, side))
        opened.thumbnail((side, side), reducing_gap=2.0)
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    white = Image.new("RGB", upright.size, "white")
    white.paste(upright, mask=upright.getchannel("A"))
    return white


def small(place: str) -> None:
    """Write a picture for a paper: coarser, and in the end smaller, until it has no more bytes than it may have."""
    white = drawn_anew(place, SMALL_SIDE)
    for side, quality in SMALL_STEPS:
        white.thumbnail((side, side))
        out = io.BytesIO()
        white.save(out, "JPEG", quality=quality)
        if out.tell() <= SMALL_BYTES:
            break
    sys.stdout.buffer.write(out.getvalue())


def inside(what: str, place: str, kind: str) -> None:
    """Write the picture that a file of a kind carries, drawn anew, or the first of its words; nothing without."""
    # Isolated as this program is, it has no package to import from.
    read = runpy.run_path(str(Path(__file__).with_name("insides.py")))
    if what == "words":
        longest = read["LONGEST_LINE"]
        said = [line[: longest + 1] for line in read["lines"](kind, place)]
        sys.stdout.buffer.write("\n".join(said).encode("utf-8", "replace"))
        return
    found, formats = read["carried"](kind, place)
    if found:
        drawn_anew(io.BytesIO(found), SIDE, formats).save(sys.stdout.buffer, "JPEG", quality=85)


def main(kind: str, place: str, page: str) -> None:
    """Draw one page, or write how many there are."""
    bound()
    without_network()
    if kind == "picture":
        drawn_anew(place, SIDE).save(sys.stdout.buffer, "JPEG", quality=85)
    elif kind == "small":
        small(place)
    elif kind in ("carried", "words"):
        inside(kind, place, page)
    elif kind == "count":
        os.execvp("pdfinfo", ["pdfinfo", place])  # noqa: S606, S607 - no shell; the search path is given
    else:
        size = ["-scale-to", str(SIDE)]
        words = ["pdftoppm", "-q", "-png", "-f", page, "-l", page, *size, place]
        os.execvp("pdftoppm", words)  # noqa: S606, S607 - as above


if __name__ == "__main__":
    main(*sys.argv[1:])
