"""One page of Chinese: the packaged faces (GB 2312, with the stock font behind them), and the stock CJK font alone.

New text for every paper, warm, in turn, each by a press of its own; a rare name character must stand on the page
either way, or no figure is printed. Then papers by one process and by two. The bars: ≤ 0.7 of the stock font, two
processes ≥ 1.6 of one. typst and reportlab are not installed with the project and not compared here.
"""

import io
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import Figures, Variant, arguments, finish, in_turn

RARE = "喆堃"
WORDS = (
    "本机关依照法律法规对申请材料进行审查认为符合法定条件标准决定予以受理并按照承诺时限办理有关事项"
)
SHEET = Path(__file__).resolve().parent.parent / "templates" / "papers" / "paper.css"


def page(dice: random.Random) -> str:
    """A page of new text with a heading, a table and a rare name."""
    lines = "".join(f"<p>{''.join(dice.choices(WORDS, k=120))}。</p>" for _ in range(2))
    rows = "".join(f"<tr><td>{n}</td><td>{''.join(dice.choices(WORDS, k=12))}</td></tr>" for n in range(3))  # fmt: skip
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


def by_processes(count: int, papers: int) -> float:
    """Papers a second by so many processes, each warm before the clock starts."""
    run = [sys.executable, "-m", "benchmarks.pdf", "--worker", str(papers)]
    working = [
        subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(count)
    ]
    for one in working:
        assert one.stdout is not None
        one.stdout.readline()
    began = time.perf_counter()
    for one in working:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in working:
        one.wait()
    return count * papers / (time.perf_counter() - began)


def worker(papers: int) -> None:
    """Be one of several processes: make ready, wait for the word, print."""
    from core.documents import press

    made, dice = press.Press(SHEET), random.Random(os.getpid())
    printed(made, dice)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(papers):
        printed(made, dice)


def checked(data: bytes) -> None:
    """A page that lacks the rare name is no figure."""
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    assert len(pages) == 1
    assert RARE in "".join(pages[0].extract_text().split())


def measured(papers: int, repeat: int) -> Figures:
    """Print papers both ways in turn, then by one process and by two."""
    dice, figures = random.Random(8), Figures("pdf")
    made = presses()
    for one in made.values():
        checked(printed(one, dice))

    def way(name: str) -> Variant:
        def run() -> int:
            for _ in range(papers):
                printed(made[name], dice)
            return papers

        return Variant(name, run)

    variants = [way(name) for name in made]
    in_turn(variants, repeat)
    figures.show(variants, "one page, warm")
    figures.goal("of the stock font", variants[0].median / variants[1].median, most=0.7)
    one, two = by_processes(1, papers), by_processes(2, papers)
    figures.goal("two processes, of one", two / one, least=1.6)
    return figures


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if "--worker" in sys.argv:
        worker(int(sys.argv[-1]))
    else:
        asked = arguments(__doc__, papers={"type": int, "default": 10})
        finish(measured(asked.papers, asked.repeat), asked.json)
