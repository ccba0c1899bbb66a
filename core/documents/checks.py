"""System checks: can this machine set a paper, draw a preview, reach its store? Imported by `apps.py` to register.

They open the libraries by name instead of importing WeasyPrint, which takes seconds and would
slow down every management command.
"""

import ctypes
import importlib.util
import shutil
import subprocess
from typing import Any

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InvalidStorageError, storages

from core.documents import fonts

PANGO = (
    ("libgobject-2.0.so.0", "libglib2.0-0"),
    ("libpango-1.0.so.0", "libpango-1.0-0"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
    ("libharfbuzz.so.0", "libharfbuzz0b"),
    ("libfontconfig.so.1", "libfontconfig1"),
)
SUBSETTER = ("libharfbuzz-subset.so.0", "libharfbuzz-subset0")


@checks.register("papers")
def papers_can_be_set(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """All findings about the renderer and its fonts, one line each."""
    return [*_libraries(), *_fallback_fonts(), *_official_fonts()]


@checks.register("files")
def files_can_be_kept(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """All findings about the store of files and the programs that draw previews."""
    return [*_store(), *_previews()]


def _store() -> list[checks.CheckMessage]:
    try:
        storages["default"]
    except (ImportError, InvalidStorageError, ImproperlyConfigured, TypeError) as fault:
        text = (
            f"文件库无法使用，请核对 CHENGNUO_STORAGE：{fault} (the store of files cannot be used)"
        )
        return [checks.Error(text, id="documents.E003")]
    return []


def _previews() -> list[checks.CheckMessage]:
    if all(shutil.which(program) for program in ("pdftoppm", "pdfinfo")):
        return []
    text = "PDF 不能预览：请安装 poppler-utils (no previews of PDF: install poppler-utils)"
    return [checks.Warning(text, id="documents.W004")]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _libraries() -> list[checks.CheckMessage]:
    if importlib.util.find_spec("weasyprint") is None:
        return [
            checks.Error(
                "文书无法生成：缺少 WeasyPrint (WeasyPrint is missing)", id="documents.E001"
            )
        ]
    lost = [package for library, package in PANGO if not _loads(library)]
    if lost:
        names = " ".join(lost)
        return [
            checks.Error(f"文书无法生成：请安装 {names} (install {names})", id="documents.E002"),
        ]
    library, package = SUBSETTER
    if not _loads(library):
        text = f"文书生成会慢数十倍：请安装 {package} (papers would take ten seconds each: install {package})"
        return [checks.Error(text, id="documents.E004")]
    return []


def _fallback_fonts() -> list[checks.CheckMessage]:
    if shutil.which("fc-match") is None:
        text = "无法核对字体：请安装 fontconfig (cannot check fonts: install fontconfig)"
        return [checks.Warning(text, id="documents.W002")]
    lost = [family for family in fonts.FALLBACKS if not _resolves(family)]
    if not lost:
        return []
    names = "、".join(lost)
    text = f"缺少中文字体 {names}，请安装 fonts-noto-cjk (Chinese fonts missing: fonts-noto-cjk)"
    return [checks.Warning(text, id="documents.W003")]


def _resolves(family: str) -> bool:
    command = ["fc-match", "-f", "%{family}", family]
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words only
            command, capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return family in answer.stdout


def _official_fonts() -> list[checks.CheckMessage]:
    present = fonts.installed()
    lost = [face.filename for face in fonts.FACES if face.filename not in present]
    if not lost:
        return []
    text = f"文书改用思源字体：缺少 {'、'.join(lost)} (papers fall back to Noto CJK)"
    return [checks.Info(text, id="documents.I001")]
