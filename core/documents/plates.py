"""照片页: small pictures on a paper, drawn anew when it is printed.

A paper's frozen content names a picture by the file that is kept and by its digest: a few words, never the picture.
What is printed is drawn from that file and only where it still is the one that was named.
"""

import base64
import hashlib
import tempfile
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.documents.models import Attachment
from core.documents.press import PaperError
from core.documents.previews import Busy, NotShown, draw_small

ON_A_PAGE = 6
MOST = 12  # on one paper; with the bytes of each (previews.child) that is less than half a megabyte
SHORT = 16  # of a digest, under a picture
PIECE = 1 << 20


def sheets_of(content: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the `pictures` of a content page by page, each with `source`, its address within the paper, and `short`.

    A picture is {file, sha256, …}. Without a source it cannot be drawn, and the paper says so. Raises PaperError where
    a file is gone from the register, is not the one named, or there are too many; Busy and OSError are no fault of
    the paper, which waits.
    """
    named = content.get("pictures") or []
    if len(named) > MOST:
        raise PaperError(_("文书的照片超过%(n)d张") % {"n": MOST})
    kept = Attachment.objects.in_bulk([one["file"] for one in named]) if named else {}
    every = [
        {**one, "short": one["sha256"][:SHORT], "source": _source(kept.get(one["file"]), one["sha256"])}
        for one in named
    ]  # fmt: skip
    return [every[at : at + ON_A_PAGE] for at in range(0, len(every), ON_A_PAGE)]


def _source(file: Attachment | None, sha256: str) -> str:
    """Return the picture itself as an address; empty where the file may not be opened or holds no picture."""
    if file is None:
        raise PaperError(_("文书所列的照片没有存卷：%(digest)s") % {"digest": sha256[:SHORT]})
    if file.not_previewed:
        return ""
    with tempfile.NamedTemporaryFile(prefix="plate") as copy:
        # What is drawn is the copy that was reckoned: the store may change between two looks at it.
        found = hashlib.sha256()
        with file.file.open("rb") as kept:
            while piece := kept.read(PIECE):
                found.update(piece)
                copy.write(piece)
        copy.flush()
        if found.hexdigest() != sha256:
            raise PaperError(_("照片与所记摘要不符：%(digest)s") % {"digest": sha256[:SHORT]})
        try:
            made = draw_small(copy.name)
        except Busy:
            raise
        except NotShown:
            return ""
    return "data:image/jpeg;base64," + base64.b64encode(made).decode()
