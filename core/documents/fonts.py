"""The typefaces of papers: which files, where they are, and what stands in for them.

GB/T 9704-2012 asks for 小标宋, 仿宋_GB2312, 楷体_GB2312 and 黑体, none of which may be given away.
Fandol (GPL with font exception) has the same four styles for the characters of GB 2312; Noto CJK
(OFL) covers the rest. A paper says in its imprint which substitutes it was set in.

A county that has licensed the prescribed faces puts them into `own/` below the folder of the fonts, one file for each
face under the name of its part: title, fang, kai, hei or song, with .ttf or .otf. They come before the substitutes.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SCHEME = "paper-font"
OWN = "own"
SUFFIXES = (".ttf", ".otf")
FALLBACKS = ("Noto Serif CJK SC", "Noto Sans CJK SC")


@dataclass(frozen=True)
class Face:
    """One font file under the family name that papers use for it; `weight` as in CSS."""

    family: str
    weight: int
    filename: str
    shown_as: str
    stands_for: str

    @property
    def part(self) -> str:
        """The name under which a county's own file of this face is found."""
        return self.family.split()[-1].lower()


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
    """Name to path of every face that is there, the county's own first. May be empty: then Noto sets the paper."""
    folder = directory()
    if folder is None:
        return {}
    paths = {face.filename: _own(folder, face) or folder / face.filename for face in FACES}
    return {name: path for name, path in paths.items() if path.is_file()}


def _own(folder: Path, face: Face) -> Path | None:
    files = (folder / OWN / f"{face.part}{suffix}" for suffix in SUFFIXES)
    return next((file for file in files if file.is_file()), None)


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
    own = [face for face in used if present[face.filename].parent.name == OWN]
    if len(own) == len(used):
        return "本件字体为公文规定字体；未收字以思源宋体（Noto Serif CJK SC）补足。"
    pairs = "、".join(
        f"{face.shown_as.removeprefix('Fandol')}代{face.stands_for}"
        for face in used
        if face not in own
    )
    return f"本件字体：Fandol 的 {pairs}；未收字以思源宋体补足。"
