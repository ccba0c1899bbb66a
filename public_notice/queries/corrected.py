"""更正: the versions of a public paper as its page tells them, and what was corrected of the papers of objections."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from core.documents.models import Paper, PaperKind
from public_notice.models import Objection
from public_notice.queries.confidential import withheld_in
from public_notice.rules.withheld import anywhere

# The papers in which the words of an objection and of its reply stand.
OF_OBJECTION, NOTICE = ("DOC18", "DOC19"), "DOC17"


def corrected_in_words(paper: Paper) -> str:
    """Say which paper this one corrects, and why where it may be read; nothing where it corrects none."""
    if paper.corrects_id is None:
        return ""
    said = {**paper.content["corrects"], "newer": paper.number}
    if not paper.public:
        return _("已更正，见%(newer)s（更正%(number)s）。") % said
    return _("已更正，见%(newer)s（更正%(number)s）。理由：%(reason)s。") % said


class OfObjections:
    """What was corrected of the notices that were objected to, and of the papers of the objections: two queries."""

    def __init__(self, **case: Any) -> None:
        """Look at all cases, or at that of a `book`."""
        self.papers: dict[str, list[Paper]] = defaultdict(list)
        kinds = PaperKind.objects.filter(code__in=(*OF_OBJECTION, NOTICE))
        self.names = {kind.code: kind.label for kind in kinds}
        standing = {"corrects__isnull": False, "correction": None, "voided_at": None}
        for paper in Paper.objects.filter(kind__in=OF_OBJECTION, **standing, **case):
            self.papers[paper.subject].append(paper)

    def of(self, objection: Objection) -> list[str]:
        """Return a sentence for the notice, and for receipt and reply, where they were corrected."""
        papers = [objection.notice.paper, *self.papers.get(str(objection.pk), ())]
        return [
            self._said(one) for one in papers if one is not None and one.corrects_id is not None
        ]

    def _said(self, paper: Paper) -> str:
        what = self.names.get(paper.kind, paper.title)
        return _("：").join((what, corrected_in_words(paper)))


@dataclass(frozen=True)
class Version:
    """One version of a paper: its number and check code, what it corrects (None for the first), and what corrects it.

    `corrects` is {number, date_text, digest, reason, changes [{place, was, now}]}, as it is printed in it.
    """

    number: str
    code: str
    issued_at: datetime
    corrects: dict[str, Any] | None = None
    corrects_code: str = ""
    newer: "Version | None" = None

    @property
    def stands(self) -> bool:
        """Whether it is the one that stands."""
        return self.newer is None


def versions_of(paper: Paper) -> list[Version]:
    """Return a paper that stands and the versions it corrects, the newest first, without what is withheld since.

    Two queries more where it was corrected, none where it was not.
    """
    if paper.corrects_id is None:
        return [Version(paper.number, paper.code, paper.issued_at)]
    names = ("pk", "number", "code", "issued_at", "corrects_id", "said")
    same = Paper.objects.filter(book=paper.book_id, kind=paper.kind, template=paper.template)
    rows = same.annotate(said=F("content__corrects")).values_list(*names, named=True)
    known, parts = {row.pk: row for row in rows}, withheld_in(paper.book_id)
    found: list[Version] = []
    key: int | None = paper.pk
    while key is not None:
        row, newer = known[key], found[-1] if found else None
        key = row.corrects_id
        code = known[key].code if key is not None else ""
        said = anywhere(row.said, parts)
        found.append(Version(row.number, row.code, row.issued_at, said, code, newer))
    return found


def in_data(paper: Paper) -> list[dict[str, Any]]:
    """Return the corrections of a paper for a program, the newest first; none where it was not corrected."""
    return [
        {
            "number": one.number,
            "issued_at": one.issued_at,
            "corrects": one.corrects["number"],
            "reason": one.corrects["reason"],
            "changes": [{"was": x["was"], "now": x["now"]} for x in one.corrects["changes"]],
        }
        for one in versions_of(paper)
        if one.corrects
    ]
