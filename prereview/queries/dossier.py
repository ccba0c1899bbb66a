"""The dossier of a summons as one file: what its list names, and the list itself, whose digest stands on the notice."""

import tempfile
import zipfile
from typing import IO, Any

from core.documents.models import Attachment, Paper
from core.ledger.rules import canonical
from prereview.models import Invitation

IN_MEMORY = 8 << 20
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def bundle(summons: Invitation) -> IO[bytes]:
    """Return the dossier as a ZIP file, at its beginning: `dossier.json` is the frozen list, byte for byte.

    A paper that is still being set is left out and can be opened on its page later; so is a file that is withheld.
    """
    whole = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    codes = [p["code"] for part in summons.dossier for p in part["papers"]]
    keys = [f["id"] for part in summons.dossier for f in part["files"]]
    papers = {paper.code: paper for paper in Paper.objects.filter(code__in=codes)}
    files = Attachment.objects.in_bulk(keys)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as file:
        _text(file, "dossier.json", canonical(summons.dossier))
        for place, part in enumerate(summons.dossier, start=1):
            for number, said in enumerate(part["papers"], start=1):
                paper = papers[said["code"]]
                if paper.ready:
                    name = f"{place}/papers/{number:02d}-{paper.code}.pdf"
                    _copy(file, name, paper.file)
            for number, said in enumerate(part["files"], start=1):
                kept = files[said["id"]]
                if not kept.withheld:
                    _copy(file, f"{place}/files/{number:02d}-{kept.name}", kept.file)
    whole.seek(0)
    return whole


def _text(file: zipfile.ZipFile, name: str, text: str) -> None:
    file.writestr(zipfile.ZipInfo(name, EPOCH), text.encode())


def _copy(whole: zipfile.ZipFile, name: str, file: Any) -> None:
    """Copy a stored file; the county takes none that does not fit into memory."""
    with file.open("rb") as source:
        whole.writestr(zipfile.ZipInfo(name, EPOCH), source.read())
