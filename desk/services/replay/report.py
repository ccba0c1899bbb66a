"""What a play came to, counted from the rows it left."""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Filing, StageLimit
from approvals.stages import Stage
from core.deadlines.calendar import Calendar
from core.ledger.queries import verify_all
from desk.services.replay.world import World
from inspection.models import Acceptance, Finding
from inspection.stages import Result
from prereview.models import Opinion, Session, Slot
from prereview.stages import DEEMED, Position, SessionKind, SessionStage


@dataclass(frozen=True)
class Report:
    """The counts of a play; `defaults` by kind of default and department name of the day."""

    applications: int
    pilots: int
    meetings: int
    surveys: int
    defaults: dict[tuple[str, str], int]
    escalated: int
    no_opinion: int
    overdue: int
    started: int
    completed: int
    findings: int
    rounds: int
    ended: dict[str, int]
    median_days: float
    books: int
    entries: int
    faults: tuple[str, ...]
    acts: int
    seconds: float

    def standing(self) -> str:
        """How many cases stand in which stage, in words."""
        return "、".join(f"{stage} {count}" for stage, count in self.ended.items())

    def lines(self) -> list[str]:
        """The report as it is printed."""
        total = sum(self.defaults.values())
        found = [
            _("受理申报 %(count)s 件（试点项目 %(pilots)s 件），发出开工告知 %(started)s 件")
            % {"count": self.applications, "pilots": self.pilots, "started": self.started},
            _("联合预审会 %(meetings)s 次，联合勘察 %(surveys)s 次")
            % {"meetings": self.meetings, "surveys": self.surveys},
            _("视同无异议 %(count)s 项") % {"count": total},
            *(
                f"    {kind}　{department}　{count}"
                for (kind, department), count in sorted(self.defaults.items())
            ),
            _(
                "红线事项转督办 %(escalated)s 项，其中未表态 %(silent)s 项；其他时限逾期转督办 %(overdue)s 项"
            )
            % {"escalated": self.escalated, "silent": self.no_opinion, "overdue": self.overdue},
            _(
                "联合验收合格办结 %(completed)s 件；检查发现违诺问题 %(findings)s 项，验收出具整改清单 %(rounds)s 次"
            )
            % {"completed": self.completed, "findings": self.findings, "rounds": self.rounds},
            _("未到办结：%(what)s") % {"what": self.standing() or "0"},
            _("受理到开工告知：中位 %(days)s 个工作日") % {"days": f"{self.median_days:g}"},
        ]
        if self.faults:
            found.append(_("台账核验不通过：%(what)s") % {"what": "；".join(self.faults)})
        else:
            found.append(
                _("台账核验通过：%(books)s 本，%(entries)s 条")
                % {"books": self.books, "entries": self.entries}
            )
        found.append(
            _("办理 %(acts)s 步，用时 %(seconds)s 秒")
            % {"acts": self.acts, "seconds": f"{self.seconds:.1f}"}
        )
        return found


def report_of(world: World, seconds: float) -> Report:
    """Count what a play left."""
    cases = Filing.objects.filter(pk__in=world.cases)
    accepted = cases.filter(accepted_at__isnull=False)
    held = Session.objects.filter(
        agenda__filing_id__in=world.cases, stage=SessionStage.CLOSED
    ).distinct()
    opinions = Opinion.objects.filter(stands_in__filing_id__in=world.cases)
    books, entries, faults = verify_all()
    return Report(
        applications=accepted.count(),
        pilots=sum(world.cases[pk].pilot for pk in accepted.values_list("pk", flat=True)),
        meetings=held.filter(kind=SessionKind.MEETING).count(),
        surveys=held.filter(kind=SessionKind.SURVEY).count(),
        defaults=_defaults(opinions.filter(position__in=DEEMED)),
        escalated=Slot.objects.filter(
            filing_id__in=world.cases, escalated_at__isnull=False
        ).count(),
        no_opinion=opinions.filter(position=Position.NO_OPINION).count(),
        overdue=StageLimit.objects.filter(
            filing_id__in=world.cases, escalated_at__isnull=False
        ).count(),
        started=cases.filter(start_notified_at__isnull=False).count(),
        completed=cases.filter(stage=Stage.COMPLETED).count(),
        findings=Finding.objects.filter(filing_id__in=world.cases).count(),
        rounds=Acceptance.objects.filter(filing_id__in=world.cases, result=Result.FAIL).count(),
        ended=_ended(cases.exclude(stage=Stage.COMPLETED)),
        median_days=_median(world.calendar, cases.filter(start_notified_at__isnull=False)),
        books=books,
        entries=entries,
        faults=tuple(f"{f.book}/{f.sequence} {f.reason}" for f in faults),
        acts=world.counts["acts"],
        seconds=seconds,
    )


def _defaults(opinions: QuerySet[Opinion]) -> dict[tuple[str, str], int]:
    counted: Counter[tuple[str, str]] = Counter()
    for opinion in opinions.select_related("slot__department").prefetch_related(
        "slot__department__names"
    ):
        name = opinion.slot.department.name_on(timezone.localdate(opinion.effective_at))
        counted[(opinion.get_position_display(), name)] += 1
    return dict(counted)


def _ended(filings: QuerySet[Filing]) -> dict[str, int]:
    return dict(Counter(f.get_stage_display() for f in filings.order_by("pk")))


def _median(calendar: Calendar, filings: QuerySet[Filing]) -> float:
    days = [
        calendar.working_days_between(timezone.localdate(accepted), timezone.localdate(started))
        for accepted, started in filings.values_list("accepted_at", "start_notified_at")
    ]
    return float(median(days)) if days else 0.0
