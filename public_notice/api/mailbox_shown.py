"""How letters, their figures and the questionnaire are shown to a program, and what their steps take."""

from typing import Any

from rest_framework import serializers

from core.steps.api.limits import Explained
from core.steps.api.named import MOST, Named
from public_notice.models import BoxLetter, MailboxKind, MailboxReply
from public_notice.queries.mailbox import departments, for_handling, reasons_for, without_writer
from public_notice.rules import mailbox as may
from public_notice.stages import Score

MOST_PAGES = 100_000


class ReplyShown(serializers.ModelSerializer):
    """What was answered in a round, and what the writer said of it."""

    department = serializers.CharField(source="department.code")

    class Meta:
        model = MailboxReply
        fields = ("round", "department", "text", "at", "in_time", "satisfied", "said", "judged_at")


class LetterStanding(serializers.ModelSerializer):
    """A letter as its writer sees it."""

    stage_label = serializers.CharField(source="get_stage_display")
    kind = serializers.CharField(source="kind_id")
    kind_label = serializers.CharField(source="kind.__str__")
    about = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    department = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    limit = Explained(source="*")
    replies = ReplyShown(many=True)

    class Meta:
        model = BoxLetter
        fields: tuple[str, ...] = (
            "number", "stage", "stage_label", "kind", "kind_label", "channel", "about", "case", "work_order", "text",
            "publish", "held", "round", "department", "assigned_reason", "received_at", "closed_at", "hidden_at",
            "hiding_reason", "longer_at", "longer_reason", "limit", "replies",
        )  # fmt: skip


class ReceiptOfLetter(LetterStanding):
    """The receipt: number and code follow the letter; the code is shown to nobody else."""

    class Meta(LetterStanding.Meta):
        fields = (*LetterStanding.Meta.fields, "code")


class BoxLetterShown(LetterStanding):
    """A letter for the desk; who wrote, and the words with the writer's own name, are for the supervisor alone."""

    class Meta(LetterStanding.Meta):
        fields = ("id", *LetterStanding.Meta.fields, "name", "contact", "escalated_at", "drafted")

    def to_representation(self, letter: BoxLetter) -> dict[str, Any]:
        """Keep from others than the supervisor who it is."""
        shown: dict[str, Any] = super().to_representation(letter)
        if may.knows_the_writer(letter, self.context.get("by")):
            return shown
        for reply in shown["replies"]:
            reply["said"] = without_writer(reply["said"], letter)
        told = {"name": "", "contact": "", "text": for_handling(letter)}
        return shown | told | reasons_for(letter, self.context.get("by"))


class LetterBody(serializers.Serializer):
    """What somebody writes; neither name nor contact is needed."""

    kind = Named(slug_field="code", queryset=MailboxKind.objects.all())
    text = serializers.CharField(max_length=2000)
    about = Named(slug_field="code", queryset=departments(), required=False, allow_null=True)
    case = serializers.CharField(max_length=40, required=False, allow_blank=True)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    contact = serializers.CharField(max_length=120, required=False, allow_blank=True)
    work_order = serializers.CharField(max_length=40, required=False, allow_blank=True)
    publish = serializers.BooleanField(required=False)


class WorkOrderBody(LetterBody):
    """A work order of the hotline, and the day it was handed over."""

    work_order = serializers.CharField(max_length=40)
    received_on = serializers.DateField()


class LetterLongerBody(serializers.Serializer):
    """How many working days more, and why: the writer reads it."""

    days = serializers.IntegerField(min_value=1, max_value=60)
    reason = serializers.CharField(max_length=300)


class ReviewReplyBody(serializers.Serializer):
    """Whether the reply is sent as it was written; not, needs a reason."""

    approved = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class LetterReceipt(serializers.Serializer):
    """Number and code of a letter."""

    number = serializers.CharField(max_length=40)
    code = serializers.CharField(max_length=20)


class JudgeBody(LetterReceipt):
    """Whether the reply satisfied its writer; not, needs words."""

    satisfied = serializers.BooleanField()
    text = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class AssignBody(serializers.Serializer):
    """To which department; to the one that is complained about only with a reason."""

    department = Named(slug_field="code", queryset=departments())
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class LetterReasonBody(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


class LetterReplyBody(serializers.Serializer):
    """What was found and done."""

    text = serializers.CharField(max_length=4000)


class HidingBody(serializers.Serializer):
    """Whether the words are hidden."""

    approved = serializers.BooleanField()


def _count(**more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST, **more)


class LetterFigures(serializers.Serializer):
    """One line; received = answered + running + overdue; what rests on too small a sample is null."""

    kind = serializers.CharField()
    received = _count()
    answered = _count()
    on_time = _count(source="on_time_told", allow_null=True)
    running = _count()
    overdue = _count()
    again = _count()
    judged = _count()
    satisfied = _count(source="satisfied_told", allow_null=True)
    on_time_share = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    satisfied_share = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)


class LetterYear(serializers.Serializer):
    """The letters received in a year, a line per kind, all of them last."""

    year = serializers.IntegerField()
    lines = LetterFigures(many=True)


class PublicReply(serializers.Serializer):
    """A reply as everybody reads it."""

    department = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField()
    satisfied = serializers.BooleanField(allow_null=True)


class PublicLetter(serializers.Serializer):
    """An answered letter whose writer allows it to be read, through the gate."""

    number = serializers.CharField()
    kind = serializers.CharField()
    about = serializers.CharField()
    name = serializers.CharField()
    received_at = serializers.DateTimeField()
    text = serializers.CharField()
    hidden_reason = serializers.CharField()
    replies = PublicReply(many=True)


# — the questionnaire —————————————————————————————————————————————————————————


class SheetBody(serializers.Serializer):
    """What is said of how it was handled: the whole, and of the questions by code what one likes."""

    score = serializers.ChoiceField(Score.choices)
    answers = serializers.DictField(
        child=serializers.ChoiceField(Score.choices), required=False, allow_empty=True
    )
    remark = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class SurveyBody(SheetBody):
    """The same with the code of an invitation."""

    code = serializers.CharField(max_length=40)


class SurveyTaken(serializers.Serializer):
    """Which round a sheet was counted in."""

    year = serializers.IntegerField()
    occasion = serializers.CharField()


class RoundBegun(SurveyTaken):
    """A yearly round, and until when its codes are taken."""

    ends_on = serializers.DateField(allow_null=True)


class SurveyLine(serializers.Serializer):
    """One question: how many gave each score, from very satisfied down to very dissatisfied; of few none is told."""

    code = serializers.CharField()
    question = serializers.CharField()
    numbers = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=MOST))
    answers = _count()
    satisfied = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)


class RoundAsked(serializers.Serializer):
    """Of which round, 2018-closing, and which page of what was written in it; without a round all are told."""

    round = serializers.CharField(max_length=40, required=False, default="")
    page = serializers.IntegerField(min_value=1, max_value=MOST_PAGES, required=False, default=1)


class SurveyResult(SurveyTaken):
    """A round as far as it is shown; `code` names it in an address, `said` is how many remarks there are."""

    code = serializers.CharField()
    sheets = _count()
    lines = SurveyLine(many=True)
    remarks = serializers.ListField(child=serializers.CharField())
    said = _count()
