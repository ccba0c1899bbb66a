"""One page of Chinese: the packaged faces (GB 2312, with the stock font behind them), and the stock CJK font alone.

New text for every paper, warm, in turn, each by a press of its own; a rare name character must stand on the page
either way, or no figure is printed. Then papers by one process and by two, in turn, and beside them two loops that
share nothing: what this machine's second core is worth. The bars: ≤ 0.7 of the stock font, two processes ≥ 1.6 of one.
Beside it, without a bar, the same words by typst and by reportlab with the packaged face, from an environment of their
own (`--beside`, its Python): what they cost is said, and docs/benchmarks.md says what their pages are not.
"""

import io
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measure import Figures, Variant, arguments, finish, in_turn

RARE = "喆堃"
WORDS = (
    "本机关依照法律法规对申请材料进行审查认为符合法定条件标准决定予以受理并按照承诺时限办理有关事项"
)
FACE, OTHERS = "FandolFang-Regular.otf", ("typst", "reportlab")
OTHER_PRESS = Path(__file__).resolve().parent / "pdf_beside" / "press.py"
SHEET = Path(__file__).resolve().parent.parent / "templates" / "papers" / "paper.css"


def said(dice: random.Random) -> dict[str, Any]:
    """The words of a page: new text, a table and a rare name."""
    lines = ["".join(dice.choices(WORDS, k=120)) + "。" for _ in range(2)]
    rows = [[str(n), "".join(dice.choices(WORDS, k=12))] for n in range(3)]
    return {"name": RARE, "lines": lines, "rows": rows}


def page(dice: random.Random) -> str:
    """A page of new text with a heading, a table and a rare name."""
    words = said(dice)
    lines = "".join(f"<p>{line}</p>" for line in words["lines"])
    rows = "".join(f"<tr><td>{n}</td><td>{text}</td></tr>" for n, text in words["rows"])
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><title>量</title></head><body class="form-official">'
        f"<h1>通知书</h1><p>陈{RARE}：</p><h2>说明</h2>{lines}<table>{rows}</table></body></html>"
    )


def presses() -> dict[str, Any]:
    """A press with the packaged faces, and one with the stock font alone."""
    from django.conf import settings

    from core.documents import press

    made = {"packaged faces": press.Press(SHEET)}
    kept, settings.CHENGNUO_FONTS_DIR = settings.CHENGNUO_FONTS_DIR, None
    made["stock CJK font"] = press.Press(SHEET)
    settings.CHENGNUO_FONTS_DIR = kept
    return made


def printed(made: Any, dice: random.Random) -> bytes:
    """Print a page on one of the presses."""
    data: bytes = made.print(page(dice), "0" * 32)
    return data


def by_processes(count: int, papers: int, work: str = "papers") -> tuple[float, float]:
    """Return the units a second that so many processes do, and the seconds of the processor that one takes.

    Each is warm before the clock starts. The clock stops when the last has said that it is done: how long they take to
    end is nobody's waiting.
    """
    run = [sys.executable, "-m", "benchmarks.pdf", "--worker", work, str(papers)]
    working = [
        subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(count)
    ]
    for one in working:
        _heard(one)
    began = time.perf_counter()
    for one in working:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    used = sum(float(_heard(one)) for one in working)
    took = time.perf_counter() - began
    for one in working:
        one.communicate()
    return count * papers / took, used / (count * papers)


def _heard(one: Any) -> str:
    line: str = one.stdout.readline()
    if not line:
        raise SystemExit("a worker ended before it was done")
    return line.strip()


def worker(work: str, papers: int) -> None:
    """Be one of several processes: make ready, wait for the word, do the work, say what it took of the processor."""
    do, used = (_counting if work == "counting" else _printing)()
    do()
    print("ready", flush=True)
    sys.stdin.readline()
    before = used()
    for _ in range(papers):
        do()
    print(used() - before, flush=True)
    sys.stdin.readline()


def _printing() -> tuple[Callable[[], object], Callable[[], float]]:
    from core.documents import press

    made, dice = press.Press(SHEET), random.Random(os.getpid())
    return lambda: printed(made, dice), lambda: spent(made.process.pid) + time.process_time()


def _counting() -> tuple[Callable[[], object], Callable[[], float]]:
    """A loop that touches no memory to speak of: what two processes come to where they share nothing."""
    return lambda: sum(range(3_000_000)), time.process_time


def spent(pid: int) -> float:
    """Return the seconds of the processor that another process has taken."""
    said = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def checked(data: bytes) -> None:
    """A page that lacks the rare name is no figure."""
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    assert len(pages) == 1
    assert RARE in "".join(pages[0].extract_text().split())


def measured(papers: int, repeat: int) -> Figures:
    """Print papers both ways in turn, then by one process and by two, in turn as well."""
    dice, figures = random.Random(8), Figures("pdf")
    made = presses()
    for one in made.values():
        for _ in range(3):  # the first papers fill the press's own stores
            checked(printed(one, dice))
    taken: dict[str, list[float]] = {name: [] for name in made}

    def way(name: str) -> Variant:
        def run() -> int:
            before = spent(made[name].process.pid)
            for _ in range(papers):
                printed(made[name], dice)
            taken[name].append((spent(made[name].process.pid) - before) / papers)
            return papers

        return Variant(name, run)

    variants = [way(name) for name in made]
    in_turn(variants, repeat)
    figures.show(variants, "one page, warm")
    figures.goal("of the stock font", variants[0].median / variants[1].median, most=0.7)
    ours, stock = (statistics.median(one) for one in taken.values())
    figures.lines.append(
        f"by the processor alone: {ours * 1e3:.0f} ms, {ours / stock:.2f} of the stock font"
    )
    figures.values["by the processor alone"] = {"packaged": ours, "stock": stock}
    for one in made.values():
        one.end()
    _by_two(figures, papers, repeat)
    return figures


def beside(figures: Figures, python: Path, papers: int) -> None:
    """Show what a page takes of the processor by others, after three to get warm; without a bar."""
    from django.conf import settings

    folder = Path(settings.VAR_DIR) / "bench" / "beside"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(settings.FONTS_DIR) / FACE, folder)
    for way in OTHERS:
        working = subprocess.Popen(  # noqa: S603
            [python.absolute(), OTHER_PRESS, way, folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        if (ready := _heard(working)) != "ready":
            figures.lines.append(f"{way}: skipped, {ready}")
            working.communicate()
            continue
        dice, taken = random.Random(8), []
        assert working.stdin is not None
        for _ in range(papers + 3):
            working.stdin.write(json.dumps(said(dice)) + "\n")
            working.stdin.flush()
            taken.append(float(_heard(working)))
        working.communicate()
        used = statistics.median(taken[3:])
        figures.lines.append(f"{way}, beside it: {used * 1e3:.1f} ms of the processor a page")
        figures.values[way] = used


def _by_two(figures: Figures, papers: int, repeat: int) -> None:
    """Show what two processes come to, and beside it what two loops that share nothing come to on this machine."""
    ratios: dict[str, list[float]] = {"papers": [], "counting": []}
    dearer = []
    for _round in range(repeat):
        for work, found in ratios.items():
            one, alone = by_processes(1, papers, work)
            two, beside = by_processes(2, papers, work)
            found.append(two / one)
            if work == "papers":
                dearer.append(beside / alone)
    figures.goal("two processes, of one", statistics.median(ratios["papers"]), least=1.6)
    loops, more = statistics.median(ratios["counting"]), statistics.median(dearer)
    figures.lines.append(f"two loops that share nothing, of one: {loops:.2f}")
    figures.lines.append(f"a paper beside another takes of the processor, of one alone: {more:.2f}")
    figures.values["two processes"] = {**ratios, "a paper beside another": dearer}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if "--worker" in sys.argv:
        worker(sys.argv[-2], int(sys.argv[-1]))
    else:
        asked = arguments(
            __doc__,
            papers={"type": int, "default": 10},
            beside={"type": Path, "help": "the Python of an environment with typst and reportlab"},
        )
        figures = measured(asked.papers, asked.repeat)
        if asked.beside is None:
            figures.lines.append("typst and reportlab: skipped, no environment was named")
        else:
            beside(figures, asked.beside, asked.papers)
        finish(figures, asked.json)
