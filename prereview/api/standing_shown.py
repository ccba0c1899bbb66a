"""How a department's inside is shown to its own programs, and what they send: the roster, absences, signing, parts."""

from django.utils import timezone
from rest_framework import serializers

from accounts.models import Organisation
from approvals.api.people import PersonShown
from approvals.api.shown import File
from core import clock
from prereview.models import Away, Countersign, Mandate, PartRequest, Reassignment, Recusal
from prereview.stages import Duty


class MandateShown(serializers.ModelSerializer):
    """An entry of a department's roster with its days, both included; `holds` says whether it does now."""

    person = PersonShown()
    covers = PersonShown(allow_null=True)
    duties = serializers.SerializerMethodField()
    scan = File()
    holds = serializers.SerializerMethodField()

    class Meta:
        model = Mandate
        fields = (
            "id", "person", "grade", "covers", "duties", "valid_from", "valid_to", "scan", "granted_at", "ended_at",
            "ended_because", "holds",
        )  # fmt: skip

    def get_duties(self, one: Mandate) -> list[str]:
        """Return what it is for."""
        return sorted(one.duties)

    def get_holds(self, one: Mandate) -> bool:
        """Return whether it is in force now."""
        return one.holds(timezone.localdate(clock.received()))


class AwayShown(serializers.ModelSerializer):
    """An absence with its days, both included."""

    person = PersonShown()

    class Meta:
        model = Away
        fields = ("id", "person", "from_on", "until_on", "reason", "entered_at", "ended_at")


class DepartmentRuleShown(serializers.ModelSerializer):
    """A department with what it has laid down for itself."""

    roster_binds = serializers.SerializerMethodField()
    countersigns = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        ref_name = "DepartmentRule"
        fields = ("id", "code", "name", "roster_binds", "countersigns")

    def get_roster_binds(self, department: Organisation) -> bool:
        """Return whether only the people of its roster act; not where nothing was laid down."""
        return (
            bool(getattr(department, "department_rule", None))
            and department.department_rule.roster_binds
        )

    def get_countersigns(self, department: Organisation) -> bool:
        """Return whether its head signs what it says; not where nothing was laid down."""
        return (
            bool(getattr(department, "department_rule", None))
            and department.department_rule.countersigns
        )


class RecusalShown(serializers.ModelSerializer):
    """Who stays out of a case, until it is lifted."""

    filing = serializers.CharField(source="filing.public_id")
    person = PersonShown()

    class Meta:
        model = Recusal
        fields = ("id", "filing", "person", "reason", "declared_at", "lifted_at", "lifted_because")


class CountersignShown(serializers.ModelSerializer):
    """An opinion that waits inside the department for its head, or what came of it; it is no opinion until signed."""

    opinion = serializers.IntegerField(source="slot_id")
    drafted_by = PersonShown()
    conditions = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Countersign
        fields = (
            "id", "opinion", "position", "reason", "clause", "conditions", "drafted_by", "drafted_at", "state",
            "note", "decided_at",
        )  # fmt: skip


class PartShown(serializers.ModelSerializer):
    """What a part of the department was asked and said; never an opinion of the department."""

    opinion = serializers.IntegerField(source="slot_id")
    asked = PersonShown()

    class Meta:
        model = PartRequest
        fields = (
            "id", "opinion", "unit", "asked", "question", "due_on", "asked_at", "answer", "answered_at",
        )  # fmt: skip


class ReassignmentShown(serializers.ModelSerializer):
    """Who of the department sees to a thing from then on."""

    receiver = PersonShown()

    class Meta:
        model = Reassignment
        fields = ("id", "receiver", "reason", "handed_at")


def _name(*, needed: bool = True) -> serializers.CharField:
    return serializers.CharField(max_length=150, required=needed, allow_blank=not needed)


class MandateBody(serializers.Serializer):
    """Whom, by login name; for what; from which day to which; as whose B, where that is so; the scan."""

    person = _name()
    duties = serializers.ListField(
        child=serializers.ChoiceField(Duty.choices), max_length=len(Duty.choices)
    )
    covers = _name(needed=False)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    upload = serializers.FileField(max_length=200)


class AwayBody(serializers.Serializer):
    """Who is away, by login name, from which day to which, why."""

    person = _name()
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class RuleBody(serializers.Serializer):
    """Both rules as they are to be."""

    roster_binds = serializers.BooleanField()
    countersigns = serializers.BooleanField()


class RecuseBody(serializers.Serializer):
    """Why; who, where the head says it for somebody; who takes over, by login name."""

    reason = serializers.CharField(max_length=300)
    person = _name(needed=False)
    successor = _name(needed=False)


class CountersignBody(serializers.Serializer):
    """Signed, or sent back with a note."""

    signed = serializers.BooleanField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class PartBody(serializers.Serializer):
    """Which part of the department, who answers, by login name, what, until which day."""

    unit = serializers.CharField(max_length=60)
    asked = _name()
    question = serializers.CharField(max_length=1000)
    due_on = serializers.DateField()


class PartAnswerBody(serializers.Serializer):
    """The answer."""

    answer = serializers.CharField(max_length=4000)


class ReassignBody(serializers.Serializer):
    """Who takes over, by login name, and why."""

    receiver = _name()
    reason = serializers.CharField(max_length=300)
