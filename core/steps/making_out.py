"""依请求制发: papers that state what is on record already, made out when somebody wants them, once for each thing.

A desk registers a form for each kind: of what it is made, who may have it made, and what it says. An opinion, an
objection, a licence on record has one paper of a kind that stands; asked for again, that one is returned.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from core.documents.models import Paper, PaperKind
from core.ledger.services import lock
from core.steps.moves import permit
from core.steps.papers import issue
from core.steps.reasons import need_words


def _nothing(_thing: Any, _words: str, _by: Membership, _at: datetime) -> None:
    """Change nothing: the paper states what is on record."""


@dataclass(frozen=True)
class Form:
    """A kind of paper that is made out on request.

    `things` are those of a case of which it can be made, by their key; `before` is what making it out does beside; with
    `wants_words` its maker has to write the reason.
    """

    kind: str
    template: str
    may: Callable[[Any, Membership], bool]
    things: Callable[[Any], Iterable[Any]]
    content: Callable[[Any, str, datetime], Mapping[str, Any]]
    wants_words: bool = False
    before: Callable[[Any, str, Membership, datetime], None] = _nothing

    @property
    def is_the_act(self) -> bool:
        """Whether making it out decides something: its number stands as long as the decision does."""
        return self.before is not _nothing


FORMS: dict[str, Form] = {}  # filled in ready()


def register(*forms: Form) -> None:
    """Let papers of these kinds be made out."""
    FORMS.update({form.kind: form for form in forms})


@dataclass(frozen=True)
class Offered:
    """A paper that somebody may have made out of a thing of a case."""

    kind: PaperKind
    subject: str
    thing: Any
    wants_words: bool


def offered(case: Any, by: Membership) -> list[Offered]:
    """Return what a person may have made out in a case and nobody has yet: few questions for each kind."""
    kinds = PaperKind.objects.in_bulk(list(FORMS), field_name="code")
    made = set(
        Paper.objects.filter(book_id=case.book_id, voided_at=None)
        .exclude(subject="")
        .values_list("kind", "subject")
    )
    return [
        Offered(kinds[code], str(thing.pk), thing, form.wants_words)
        for code, form in sorted(FORMS.items())
        if code in kinds
        for thing in form.things(case)
        if (code, str(thing.pk)) not in made and form.may(thing, by)
    ]


@transaction.atomic
def make_out(
    case: Any, *, kind: str, subject: str, by: Membership, at: datetime, reason: str = ""
) -> Paper:
    """制发文书: number, frozen content and entry as for any paper; made already, the one that stands is returned.

    Raises ValidationError for an unknown kind or thing, PermissionDenied for whom it does not concern.
    """
    lock(case.book_id)
    case = type(case)._default_manager.get(pk=case.pk)  # as it is now, whatever was read before
    form = FORMS.get(kind)
    thing = next((t for t in form.things(case) if str(t.pk) == subject), None) if form else None
    if form is None or thing is None:
        raise ValidationError({"subject": _("本件没有可以制发这种文书的事项。")})
    permit(thing, form.may, by=by, at=at)
    standing = Paper.objects.filter(
        book_id=case.book_id, kind=kind, subject=subject, voided_at=None, correction=None
    )
    if found := standing.order_by("-pk").first():
        return found
    if form.wants_words:
        need_words(reason)
    form.before(thing, reason.strip(), by, at)
    return issue(
        form.template, form.content(thing, reason.strip(), at),
        book=case.book, kind=kind, by=by, at=at, subject=subject,
    )  # fmt: skip
