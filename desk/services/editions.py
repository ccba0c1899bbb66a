"""The editions of a county: written once, never changed; a new one only where the pack says something new."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from accounts.services import FIRST_DAY
from accounts.stages import Kind
from approvals.models import CatalogueEdition
from core.deadlines.calendar import CalendarEditionData
from core.deadlines.known import calendar_digest, digest_of, last_known_from
from core.deadlines.models import CalendarEdition, RulebookEdition, RuleValue
from core.deadlines.services.calendars import append, proposed
from core.ledger.models import Book
from core.ledger.services import record
from desk.queries.catalogue_tables import departments, last_catalogue, tables_of
from desk.rules.pack import Fault, Pack, PackError
from desk.rules.pack.catalogue import FILES, Tables
from desk.rules.pack.redlines import gone, loosened
from desk.rules.pack.tables import split
from desk.services.catalogue_rows import write_catalogue
from desk.stages import EditionOrigin
from prereview.models import ExcuseGround, SurveyQuestion

OTHERS = (EditionOrigin.DRAFT, EditionOrigin.REVOCATION)  # editions that no pack made


@dataclass(frozen=True)
class Editions:
    """A pack on its way into editions; each method is called inside the load's transaction, under its book."""

    pack: Pack
    book: Book
    by: Membership
    at: datetime
    from_day: date | None

    def load_calendars(self) -> int:
        """Append the calendars not yet known; return how many. PackError when a known one reads otherwise."""
        known = set(CalendarEdition.objects.values_list("digest", flat=True))
        newest = last_known_from()
        written = 0
        for data in self.pack.calendars:
            digest = calendar_digest(data)
            if digest in known:
                continue
            if newest is not None and data.known_from <= newest:
                raise PackError([_rewritten(data)])
            edition = append(proposed(data, digest=digest), data.marks)
            self._record("load_calendar", edition, known_from=data.known_from.isoformat())
            newest = data.known_from
            written += 1
        return written

    def load_rulebook(self) -> int:
        """Write a rulebook edition if the pack's differs from the last one; return 1 or 0."""
        edition = self._next(RulebookEdition, "rulebook.csv", "excuses.csv", "survey.csv")
        if edition is None:
            return 0
        edition.save()
        RuleValue.objects.bulk_create(
            RuleValue(
                edition=edition,
                code=rule.id,
                group=rule.group,
                name=rule.name_zh,
                name_en=rule.name_en,
                value=rule.value if rule.number is None else str(rule.number),
                unit=rule.unit,
                starts_at=rule.starts_at,
                bound=rule.bound,
                basis=rule.basis,
                certainty=rule.certainty,
                configurable=rule.configurable,
                note=rule.note,
            )
            for rule in self.pack.rules.values()
        )
        ExcuseGround.objects.bulk_create(
            ExcuseGround(
                edition=edition,
                name=row["name_zh"],
                name_en=row["name_en"],
                basis=row["basis"],
                certainty=row["certainty"],
            )
            for row in self.pack.excuses
        )
        self._write_survey(edition)
        self._record("load_rulebook", edition, in_force_from=edition.in_force_from.isoformat())
        return 1

    def _write_survey(self, edition: RulebookEdition) -> None:
        """Write the points of a survey, each with the departments that ask it, in the order of the file."""
        bodies = {one.code: one for one in Organisation.objects.filter(kind=Kind.DEPARTMENT)}
        SurveyQuestion.objects.bulk_create(
            SurveyQuestion(
                edition=edition,
                topic=row["topic"],
                department=bodies[row["department_code"]],
                question=row["question_zh"],
                question_en=row["question_en"],
                items=split(row["item_codes"]),
                substantive=row["substantive"] == "yes",
                basis=row["basis"],
                source=row["source"],
                certainty=row["certainty"],
                asker_certainty=row["asker_certainty"],
            )
            for row in self.pack.survey
        )

    def load_catalogue(self) -> int:
        """Write a catalogue edition if the pack's differs from the last one; return 1 or 0."""
        if self._said_before(self.pack.digest_of(*FILES)):
            return 0
        edition = self._next(CatalogueEdition, *FILES)
        if edition is None:
            return 0
        tables = {file: list(getattr(self.pack, file.removesuffix(".csv"))) for file in FILES}
        self._hold(tables, edition.in_force_from)
        write_catalogue(edition, tables, origin=EditionOrigin.PACK)
        self._record("load_catalogue", edition, in_force_from=edition.in_force_from.isoformat())
        return 1

    def _hold(self, tables: Tables, day: date) -> None:
        """Refuse what loosens a red line of the edition before, or names a department that is not there by then."""
        last = last_catalogue()
        if last is None:
            return
        faults: list[Fault] = []
        loosened(tables_of(last)["catalogue.csv"], tables["catalogue.csv"], faults)
        gone(tables, departments(), day, faults)
        if faults:
            raise PackError(faults)

    def _said_before(self, content: str) -> bool:
        """Whether the pack's own last edition says this already: what was adopted since is not undone by a restart."""
        own = (
            CatalogueEdition.objects.exclude(tables__origin__in=OTHERS).order_by("-number").first()
        )
        return own is not None and own.digest == digest_of([own.number, content])

    def _next(self, model: type[Any], *files: str) -> Any:
        """Return the next edition, unsaved; None where the last one already says the same.

        The number is part of the digest, so that a county may go back to what an earlier edition said.
        """
        content = self.pack.digest_of(*files)
        last = model.objects.order_by("-number").first()
        if last is not None and last.digest == digest_of([last.number, content]):
            return None
        number = last.number + 1 if last else 1
        first_day = (self.from_day or timezone.localdate(self.at)) if last else FIRST_DAY
        if last is not None and first_day < last.in_force_from:
            text = _("新版施行日%(day)s早于现行版的施行日%(last)s") % {
                "day": first_day.isoformat(),
                "last": last.in_force_from.isoformat(),
            }
            raise PackError([Fault(files[0], 1, "-", text)])
        return model(
            number=number,
            in_force_from=first_day,
            source=str(self.pack.county["edition"]),
            digest=digest_of([number, content]),
        )

    def _record(self, act: str, edition: Any, **said: str) -> None:
        record(
            self.book,
            act,
            by=self.by,
            at=self.at,
            edition=edition.number,
            digest=edition.digest,
            **said,
        )


def _rewritten(data: CalendarEditionData) -> Fault:
    text = _(
        "第%(number)d版日历（%(day)s起）已经载入，与此不同；日历只能在末尾增加新版，不能改旧版"
    ) % {
        "number": data.number,
        "day": data.known_from.isoformat(),
    }
    return Fault("calendar", 1, data.known_from.isoformat(), text)
