"""What the county's pack says of the mailbox and of the questionnaire, loaded as often as one likes."""

from collections.abc import Iterable, Mapping

from public_notice.models import MailboxKind, SurveyCount, SurveyQuestion

WORDS = (
    "text",
    "text_en",
    "overall",
)  # what was read and answered; its place among the others may change
Rows = Iterable[Mapping[str, str]]


def load_kinds(rows: Rows) -> int:
    """Write the kinds of letters; one that a pack drops stays, for letters name it. Return how many were written."""
    known, written = MailboxKind.objects.in_bulk(field_name="code"), 0
    for order, row in enumerate(rows, start=1):
        said = {
            "order": order, "name": row["name_zh"], "name_en": row["name_en"],
            "complaint": row["complaint"] == "yes",
        }  # fmt: skip
        was = known.get(row["code"])
        if was is None or any(getattr(was, name) != value for name, value in said.items()):
            MailboxKind.objects.update_or_create(code=row["code"], defaults=said)
            written += 1
    return written


def load_questions(rows: Rows) -> int:
    """Write the questions; other words after answers are a new version, so that old answers keep their question."""
    standing = {one.code: one for one in SurveyQuestion.objects.filter(current=True)}
    written = 0
    for order, row in enumerate(rows, start=1):
        said = {
            "order": order, "text": row["text_zh"], "text_en": row["text_en"],
            "overall": row["overall"] == "yes", "current": True,
        }  # fmt: skip
        was = standing.pop(row["code"], None)
        if was is None or any(getattr(was, name) != value for name, value in said.items()):
            _write(was, row["code"], said)
            written += 1
    for dropped in standing.values():
        SurveyQuestion.objects.filter(pk=dropped.pk).update(current=False)
        written += 1
    return written


def _answered(question: SurveyQuestion) -> bool:
    return SurveyCount.objects.filter(question=question, answers__gt=0).exists()


def _write(was: SurveyQuestion | None, code: str, said: dict[str, object]) -> None:
    last = SurveyQuestion.objects.filter(code=code).order_by("-version").first()
    words = was is not None and all(getattr(was, name) == said[name] for name in WORDS)
    if was is not None and (words or not _answered(was)):
        SurveyQuestion.objects.filter(pk=was.pk).update(**said)
        return
    if was is not None:
        SurveyQuestion.objects.filter(pk=was.pk).update(current=False)
    SurveyQuestion.objects.create(code=code, version=last.version + 1 if last else 1, **said)
