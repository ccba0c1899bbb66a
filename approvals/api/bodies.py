"""What a program sends with a step of a filing; the fields are the arguments of the service."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Membership
from accounts.queries import county
from approvals.models import Filing, Industry, Region
from approvals.queries import sections, sites_on
from approvals.rules.project import faults_in_project, judged_code, judged_industry
from approvals.services.review import MOST as MOST_DECISIONS
from approvals.services.review import MOST_REASON, Decision
from approvals.stages import Then, Verdict
from core import clock
from core.deadlines.rules import WITH_ITS_ACT, StopKind
from core.steps.api.named import Named

MOST_EDITS = 999_999_999
ANSWERS = 100  # more questions than a catalogue will ever ask
WORDS = 100  # more choices than a question will ever offer


def reason_of(most: int) -> serializers.CharField:
    """Return the field of a reason that must be said."""
    return serializers.CharField(max_length=most)


class Reason(serializers.Serializer):
    """Why."""

    reason = reason_of(300)


class PromiseBody(serializers.Serializer):
    """Why a paper lacks, and the promise: by which day (without one the last that may be), signed."""

    reason = reason_of(300)
    by_day = serializers.DateField(required=False, allow_null=True, default=None)
    signed = serializers.BooleanField()


class LongReason(serializers.Serializer):
    """Why, with some room."""

    reason = reason_of(400)


class Note(serializers.Serializer):
    """The window's word where it departs from what the rules propose."""

    reason = serializers.CharField(
        max_length=400, required=False, allow_blank=True, default="", source="note"
    )


@extend_schema_field({"type": ["string", "boolean", "array"], "items": {"type": "string"}})
class Answer(serializers.Field):
    """One answer: a word, yes or no, several words; null takes it back."""

    default_error_messages = {"wrong": _("答案是一个选项、若干选项，或者 true、false、null。")}

    def to_internal_value(self, data: Any) -> Any:
        """Return the answer as the questionnaire keeps it."""
        several = isinstance(data, list) and all(isinstance(word, str) for word in data)
        if not (several or isinstance(data, str | bool)):
            self.fail("wrong")
        if isinstance(data, bool):
            return "yes" if data else "no"
        if not several:
            return data
        words = list(dict.fromkeys(data))  # said twice is said once; what is kept has a bound
        if len(words) > WORDS:
            raise serializers.ValidationError(_("一个问题的答案最多%(n)d个选项。") % {"n": WORDS})
        return words

    def to_representation(self, value: Any) -> Any:
        """Return the answer as it is kept."""
        return value


def seen_change() -> serializers.IntegerField:
    """Return the field that names the last change seen (`draft_number`): 409 where others have gone on since."""
    return serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MOST_EDITS,
        help_text=_("所见草稿的修改序号"),
    )


class Answers(serializers.Serializer):
    """Answers by the name of the question; what is not named stays as it was."""

    answers = serializers.DictField(child=Answer(allow_null=True), allow_empty=True)
    base = seen_change()

    def validate_answers(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take no more facts than a catalogue could ask for."""
        if len(given) > ANSWERS:
            raise serializers.ValidationError(_("最多答%(n)d个问题。") % {"n": ANSWERS})
        return given


def merged(filing: Filing, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Lay the answers over those that are kept, as the page does."""
    return {"answers": {**filing.answers, **data["answers"]}, "base": data.get("base")}


class Project(serializers.ModelSerializer):
    """What is said of the project; a doubtful code is taken once `code_confirmed` says that it was checked."""

    site = Named("code", queryset=Region.objects.all())
    industry = Named("section", queryset=Industry.objects.all(), required=False, allow_null=True)
    code_confirmed = serializers.BooleanField(required=False, default=False)
    base = seen_change()

    class Meta:
        model = Filing
        fields = (
            "project_name", "project_code", "code_confirmed", "industry", "industry_code", "construction_nature",
            "works_kind", "site", "site_detail", "longitude", "latitude", "datum", "scale", "investment_wan",
            "funding", "land_mu", "land_with_design", "floor_area_m2", "planned_start", "planned_completion",
            "planned_production", "papers_in_english", "base",
        )  # fmt: skip
        extra_kwargs = {
            "project_name": {"required": True, "allow_blank": False},
            "scale": {"required": True, "allow_blank": False},
            "investment_wan": {"required": True, "allow_null": False},
            "planned_start": {"required": True, "allow_null": False},
        }

    def validate_site(self, site: Region) -> Region:
        """Take a town that exists today."""
        if not sites_on(timezone.localdate(clock.now())).filter(pk=site.pk).exists():
            raise serializers.ValidationError(_("建设地点应是现有的乡镇或者城区。"))
        return site

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Say what cannot be, as the page does."""
        confirmed, faults = data.pop("code_confirmed"), faults_in_project(data)
        if typed := data.get("project_code"):
            day = timezone.localdate(clock.now())
            code, against = judged_code(typed, confirmed=confirmed, on=day, county=county().code)
            data["project_code"] = code.normalised
            faults |= {"project_code": against} if against else {}
        if typed := data.get("industry_code"):
            chosen = data.get("industry")
            industry, wrong = judged_industry(typed, chosen.section if chosen else "", sections())
            data["industry_code"] = industry.normalised
            faults |= {"industry_code": wrong} if wrong else {}
        if faults:
            raise serializers.ValidationError({name: [why] for name, why in faults.items()})
        return data


class Codes(serializers.Serializer):
    """The commitment items that are not committed to; none of the others is declined."""

    codes = serializers.ListField(child=serializers.CharField(max_length=8), max_length=ANSWERS)


class Scan(serializers.Serializer):
    """The sealed scan."""

    upload = serializers.FileField(max_length=200)


class MaterialUpload(serializers.Serializer):
    """A file of a paper, sent along or before in pieces; with `adding` it stands beside the present ones."""

    upload = serializers.FileField(max_length=200, required=False)
    incoming = serializers.CharField(max_length=32, required=False)
    adding = serializers.BooleanField(required=False, default=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Want one file: sent along, or sent before in pieces."""
        if ("upload" in given) == ("incoming" in given):
            raise serializers.ValidationError(
                _("请附上文件，或者写明已分段传完的文件，二者取其一。")
            )
        return given


class LiftBody(serializers.Serializer):
    """By which decision, by its number, the one that a bar rests on was overturned, and why."""

    number = serializers.CharField(max_length=80)
    reason = reason_of(300)


class LaterBody(serializers.Serializer):
    """What is wanted outside the list, on what basis, and why the list did not have it."""

    name = serializers.CharField(max_length=200)
    basis = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=500)


class Check(serializers.Serializer):
    """Whether a paper is fine, and if not, what is wrong."""

    fine = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Decided(serializers.Serializer):
    """What is decided of one paper; `seen` is its `standing` as it was shown, where nobody may have been before."""

    material = serializers.IntegerField(min_value=1, max_value=(1 << 63) - 1)
    verdict = serializers.ChoiceField(Verdict.choices)
    reason = serializers.CharField(
        max_length=MOST_REASON, required=False, allow_blank=True, default=""
    )
    seen = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class MaterialReview(serializers.Serializer):
    """Decisions on several papers, and what follows: nothing, one correction notice, or the acceptance."""

    decisions = serializers.ListField(child=Decided(), max_length=MOST_DECISIONS)
    then = serializers.ChoiceField(Then.choices, required=False, default="")


def reviewed(_filing: Filing, given: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Return the decisions as the service takes them."""
    return {**given, "decisions": [Decision(**one) for one in given["decisions"]]}


class Found(serializers.Serializer):
    """What the window found."""

    note = reason_of(300)


class ChangeHandedIn(serializers.Serializer):
    """What was changed, in words, by a file or both."""

    text = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    upload = serializers.FileField(max_length=200, required=False)


class ChangeReason(serializers.Serializer):
    """Why a change is not done yet."""

    reason = reason_of(300)


class Outcome(serializers.Serializer):
    """What was found and done."""

    outcome = reason_of(2000)


class ApprovalBody(serializers.Serializer):
    """An approval, paper or finished service by its number."""

    number = serializers.CharField(max_length=80)
    issued_on = serializers.DateField()
    upload = serializers.FileField(max_length=200, required=False)


BY_HAND = [(kind.value, kind.label) for kind in StopKind if kind not in WITH_ITS_ACT]


class Stop(serializers.Serializer):
    """Why a limit is stopped, on which paper, and for how many working days about."""

    kind = serializers.ChoiceField(BY_HAND)
    reason = reason_of(400)
    expected_days = serializers.IntegerField(min_value=1, max_value=365)
    paper_number = serializers.CharField(max_length=80)
    clause = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    upload = serializers.FileField(max_length=200, required=False)


class GoOn(serializers.Serializer):
    """Which of the suspensions has ended, and why."""

    kind = serializers.ChoiceField(BY_HAND)
    reason = reason_of(400)


class Longer(serializers.Serializer):
    """By how much a limit is lengthened, in the unit in which it counts, and why."""

    days = serializers.IntegerField(
        min_value=1, max_value=365, help_text=_("以这个期限自己的单位计：工作日、自然日或者个月。")
    )
    reason = reason_of(400)
    paper_number = serializers.CharField(max_length=80)
    upload = serializers.FileField(max_length=200, required=False)
