"""文件库的归属: a mark in the store names the county whose files lie there.

The folder of the files does not depend on which database is connected. Whoever starts the same checkout on another
database finds a store full of files that this database does not name, and none of them may be swept for that.
"""

from contextlib import suppress

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

MARK = "county.mark"
FEW = 10  # files: so many may always be swept
SHARE = 10  # no sweep takes more than one file of so many


class NotSwept(Exception):
    """Nothing was swept, because the store does not look like this county's; the reason is a sentence."""


def county_name() -> str:
    """Return what names this database: the digest of the first entry of the county's book; empty before there is one.

    It goes along where a county is carried to another database or restored from a backup.
    """
    entries = apps.get_model(
        "ledger", "Entry"
    ).objects  # beside this app, and referred to by name like its books
    first = entries.filter(book__code="county").order_by("sequence")
    return str(first.values_list("digest", flat=True).first() or "")


def kept_name() -> str:
    """Return whom the mark in the store names; empty without a mark."""
    try:
        with default_storage.open(MARK) as kept:
            return str(kept.read().decode("ascii", "replace")).strip()
    except FileNotFoundError:
        return ""


def why_not_ours(*, empty: bool, named: bool) -> str:
    """Return why a store is not this county's, as a sentence; empty where it is, and then it is marked as such.

    A store without a mark is taken by the first county that finds it `empty`, or by which a file in it is `named`.
    """
    county, kept = county_name(), kept_name()
    if kept:
        return "" if kept == county else other_county()
    if not (empty or named):
        return unmarked()
    if county:
        with suppress(FileExistsError):
            default_storage.save(MARK, ContentFile(county.encode()))
    return ""


def other_county() -> str:
    """Say that the mark names another county."""
    return _(
        "文件库属于另一个数据库（county.mark 不符），没有清扫：检查 DATABASE_URL 和文件库的位置。"
    )


def unmarked() -> str:
    """Say that nothing tells whose store it is."""
    return _(
        "文件库没有标记，其中没有一个文件是本数据库的，没有清扫：检查 DATABASE_URL 和文件库的位置。"
    )


def too_many(lost: int, total: int) -> bool:
    """Whether a sweep would take more than a crash leaves behind: more than a few, and more than a tenth."""
    return lost > FEW and lost * SHARE > total


def why_too_many(lost: int, total: int) -> str:
    """Say that so many files without a row are no remains of a crash."""
    text = _(
        "%(total)d个文件中有%(lost)d个无主，超过十分之一，没有清扫：先查明原因，确需清扫的运行 sweep_files --yes。"
    )
    return text % {"lost": lost, "total": total}
