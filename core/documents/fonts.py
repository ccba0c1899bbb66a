"""The typefaces of papers: which files, where they are, and what stands in for them.

GB/T 9704-2012 asks for 小标宋, 仿宋_GB2312, 楷体_GB2312 and 黑体, none of which may be given away.
Fandol (GPL with font exception) has the same four styles for the characters of GB 2312; Noto CJK
(OFL) covers the rest. A paper says in its imprint which substitutes it was set in.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SCHEME = "paper-font"
FALLBACKS = ("Noto Serif CJK SC", "Noto Sans CJK SC")


@dataclass(frozen=True)
class Face:
    """One font file under the family name that papers use for it; `weight` as in CSS."""

    family: str
    weight: int
    filename: str
    shown_as: str
    stands_for: str


# Fandol Song Bold and Regular declare the same weight inside the file, so fontconfig cannot tell
# them apart: each file gets its own rule with the weight said out loud.
FACES = (
    Face("Paper Title", 400, "FandolSong-Bold.otf", "FandolSong Bold", "方正小标宋"),
    Face("Paper Fang", 400, "FandolFang-Regular.otf", "FandolFang", "仿宋_GB2312"),
    Face("Paper Kai", 400, "FandolKai-Regular.otf", "FandolKai", "楷体_GB2312"),
    Face("Paper Hei", 400, "FandolHei-Regular.otf", "FandolHei", "黑体"),
    Face("Paper Song", 400, "FandolSong-Regular.otf", "FandolSong", "宋体"),
)


def directory() -> Path | None:
    """The folder of the packaged fonts, or None where the setting names none."""
    named = getattr(settings, "CHENGNUO_FONTS_DIR", None)
    return Path(named) if named else None


def installed() -> dict[str, Path]:
    """File name to path of every face that is there. May be empty: then Noto sets the paper."""
    folder = directory()
    if folder is None:
        return {}
    paths = {face.filename: folder / face.filename for face in FACES}
    return {name: path for name, path in paths.items() if path.is_file()}


def stylesheet(present: dict[str, Path]) -> str:
    """@font-face rules for the faces in `present`, by name only; the fetcher finds the file."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};'
        f" font-style: normal; src: url({SCHEME}:{face.filename}); }}"
        for face in FACES
        if face.filename in present
    )


def substitution_note(present: dict[str, Path]) -> str:
    """One sentence for the imprint: which fonts stand in for the prescribed ones."""
    used = [face for face in FACES if face.filename in present]
    if not used:
        return "本件字体以思源宋体、思源黑体（Noto CJK SC）代替公文规定字体。"
    pairs = "、".join(f"{face.shown_as} 代 {face.stands_for}" for face in used)
    return f"本件字体：{pairs}；未收字以思源宋体（Noto Serif CJK SC）补足。"
