"""The editions of a county: written once, never changed; a new one only where the pack says something new."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from accounts.services import FIRST_DAY
from approvals.models import (
    CatalogueClause,
    CatalogueEdition,
    CatalogueItem,
    CatalogueMaterial,
    Question,
)
from core.deadlines.calendar import CalendarEditionData
from core.deadlines.known import calendar_digest, digest_of, last_known_from
from core.deadlines.models import CalendarEdition, RulebookEdition, RuleValue
from core.deadlines.services.calendars import append, proposed
from core.ledger.models import Book
from core.ledger.services import record
from desk.rules.pack import Fault, Pack, PackError, Row
from desk.rules.pack.tables import split
from prereview.models import ExcuseGround

_CATALOGUE_FILES = ("catalogue.csv", "materials.csv", "clauses.csv", "questions.csv")


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
        edition = self._next(RulebookEdition, "rulebook.csv", "excuses.csv")
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
        self._record("load_rulebook", edition, in_force_from=edition.in_force_from.isoformat())
        return 1

    def load_catalogue(self) -> int:
        """Write a catalogue edition if the pack's differs from the last one; return 1 or 0."""
        edition = self._next(CatalogueEdition, *_CATALOGUE_FILES)
        if edition is None:
            return 0
        edition.save()
        offices = {
            o.code: o for o in Organisation.objects.filter(code__in=self._department_codes())
        }
        items = {row["code"]: _item(row, edition, offices) for row in self.pack.catalogue}
        for row in self.pack.catalogue:
            items[row["code"]].save()
            items[row["code"]].co_departments.set(offices[c] for c in split(row["co_departments"]))
        CatalogueMaterial.objects.bulk_create(_material(row, items) for row in self.pack.materials)
        CatalogueClause.objects.bulk_create(
            _clause(row, items, offices) for row in self.pack.clauses
        )
        Question.objects.bulk_create(
            Question(
                edition=edition,
                fact=row["fact"],
                row=dict(row),
                order=int(row["order"]) if row["order"] else None,
            )
            for row in self.pack.questions
        )
        self._record("load_catalogue", edition, in_force_from=edition.in_force_from.isoformat())
        return 1

    def _department_codes(self) -> list[str]:
        return [row["code"] for row in self.pack.departments]

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


def _item(row: Row, edition: CatalogueEdition, offices: dict[str, Organisation]) -> CatalogueItem:
    return CatalogueItem(
        edition=edition,
        code=row["code"],
        name=row["name_zh"],
        name_en=row["name_en"],
        item_class=row["class"],
        department=offices[row["department_code"]],
        legal_basis=row["legal_basis_zh"],
        statutory_days=_number(row["statutory_days"]),
        statutory_unit=row["statutory_unit"],
        promised_days=_number(row["promised_days"]),
        red_line=row["red_line"],
        red_line_basis=row["red_line_basis"],
        applies_if=row["applies_if"],
        opinion_default=row["opinion_default"],
        condition_fact=row["condition_fact"],
        start_gate=row["start_gate"],
        silence_note=row["silence_note"],
        note=row["note"],
        source=row["source"],
        certainty=row["certainty"],
        legal_certainty=row["legal_certainty"],
        default_basis=row["default_basis"],
        default_approver=row["default_approver"],
    )


def _material(row: Row, items: dict[str, CatalogueItem]) -> CatalogueMaterial:
    return CatalogueMaterial(
        item=items[row["item_code"]],
        name=row["name_zh"],
        name_en=row["name_en"],
        form=row["form"],
        copies=int(row["copies"]),
        tolerable=row["tolerable"] == "yes",
        hint=row["template_hint"],
        needed_by=row["needed_by"],
        produced_by=row["produced_by"],
        only_if=row["only_if"],
        certainty=row["certainty"],
    )


def _clause(
    row: Row, items: dict[str, CatalogueItem], offices: dict[str, Organisation]
) -> CatalogueClause:
    return CatalogueClause(
        item=items[row["item_code"]],
        number=row["number"],
        text=row["text_zh"],
        text_en=row["text_en"],
        standard=row["standard_zh"],
        checked_when=row["checked_when"],
        checked_by=offices[row["checked_by"]],
        certainty=row["certainty"],
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
