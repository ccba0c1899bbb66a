"""试算 for programs: questions as data, and what answers come to; the page's functions, and nothing is kept."""

from typing import Any

from django.conf import settings
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.bodies import ANSWERS, Answer
from approvals.api.books import LABEL, QuestionShown
from approvals.models import CatalogueEdition, CatalogueItem
from approvals.models.catalogue import in_page_language
from approvals.queries import Preview, catalogue_at, catalogue_of, preview
from approvals.queries.answers import because, questions_of, reason_rows
from approvals.queries.trial import address_of, estimated, fees_of, items_shown, owed_before_start
from approvals.rules.fees import FREE, Fee
from approvals.rules.questionnaire import QuestionRow, asked, faults_in
from approvals.stages import ItemClass, NeededBy, OpinionDefault, StartGate
from core import clock
from core.steps.api import Endpoint, OriginThrottle

NO_RED_LINE = "no"


class TrialQuestions(serializers.Serializer):
    """What is asked, in its order, and of which edition of the catalogue."""

    edition = serializers.IntegerField()
    questions = QuestionShown(many=True)


class TrialAnswers(serializers.Serializer):
    """Answers by the name of the question; what is left out is open, and "unsure" is an answer where it is offered."""

    answers = serializers.DictField(child=Answer(allow_null=True), allow_empty=True)

    def validate_answers(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse what nobody asked and what cannot be chosen; a question that does not stand is left aside."""
        if len(given) > ANSWERS:
            raise serializers.ValidationError(_("最多答%(n)d个问题。") % {"n": ANSWERS})
        rows: dict[str, QuestionRow] = self.context["questions"]
        known = {fact for fact, row in rows.items() if row.order is not None}
        wrong = [
            str(_("%(fact)s：没有这个问题")) % {"fact": fact} for fact in sorted({*given} - known)
        ]
        standing = asked([*rows.values()], given)
        wrong += [f"{fact}：{fault}" for fact, fault in faults_in(given, [*rows.values()]).items()]
        if wrong:
            raise serializers.ValidationError(wrong)
        return {q.fact: given[q.fact] for q in standing if given.get(q.fact) not in (None, "", [])}


class Why(serializers.Serializer):
    """Why the mechanism is closed to a project, or may be, with the answers that say so."""

    why = serializers.CharField()
    because = serializers.ListField(child=serializers.CharField())


class FeeShown(serializers.Serializer):
    """What the county says of the charge; `unknown` is not free."""

    text = serializers.CharField()
    charge = serializers.ChoiceField(FREE)
    basis = serializers.CharField()
    certainty = serializers.CharField()


class TrialItem(serializers.Serializer):
    """An item the project has; `applies` is null where it is still to be checked."""

    code = serializers.CharField()
    name = serializers.CharField()
    item_class = serializers.ChoiceField(ItemClass.choices)
    department = serializers.CharField()
    applies = serializers.BooleanField(allow_null=True)
    red_line = serializers.BooleanField()
    opinion_default = serializers.ChoiceField(OpinionDefault.choices)
    start_gate = serializers.ChoiceField(StartGate.choices)
    legal_basis = serializers.CharField()
    statutory_days = serializers.IntegerField(allow_null=True)
    statutory_unit = serializers.CharField()
    fee = FeeShown()
    because = serializers.ListField(child=serializers.CharField())


class TrialPaper(serializers.Serializer):
    """A paper; one that is `looked_up` the departments find by its number, and nobody hands it in."""

    name = serializers.CharField()
    items = serializers.ListField(child=serializers.CharField())
    form = serializers.CharField()
    copies = serializers.IntegerField()
    needed_by = serializers.ChoiceField(NeededBy.choices)
    tolerable = serializers.BooleanField()
    looked_up = serializers.BooleanField()
    certain = serializers.BooleanField()


class TrialLeftOut(serializers.Serializer):
    """An item that the answers keep off the list."""

    code = serializers.CharField()
    name = serializers.CharField()
    red_line = serializers.BooleanField()
    because = serializers.ListField(child=serializers.CharField())


class TrialLeg(serializers.Serializer):
    """A part of the way with its limit; `last` is null where the calendar is not published that far."""

    name = serializers.CharField()
    actor = serializers.CharField()
    length = serializers.IntegerField()
    unit = serializers.CharField()
    last = serializers.DateField(allow_null=True)


class TrialShown(serializers.Serializer):
    """What answers come to. Where `reasons` close the mechanism, there is no list, and no way to time."""

    edition = serializers.IntegerField()
    open = serializers.ListField(child=serializers.CharField())
    eligible = serializers.ChoiceField(["yes", "no", "undecided"])
    reasons = Why(many=True)
    undecided = Why(many=True)
    items = TrialItem(many=True)
    papers = TrialPaper(many=True)
    left_out = TrialLeftOut(many=True)
    way = TrialLeg(many=True)
    earliest_start = serializers.DateField(allow_null=True)
    owed_before_start = serializers.IntegerField()
    page = serializers.CharField()


class Trial(Endpoint):
    """试算."""

    public = True
    keyed = False  # a question: nothing changes and nothing is kept
    also = (409,)
    throttle_classes = (OriginThrottle,)
    throttle_scope = "trial"
    serializer_class = TrialShown
    tag = LABEL
    explain = _("不需要令牌，不保存任何内容；与网页试算同一套规则。不代替一次性告知书。")

    def get(self, request: Request) -> Response:
        """Return the questions of the edition in force."""
        edition = catalogue_at(clock.now())
        rows = [q for q in catalogue_of(edition).questions if q.order is not None]
        rows.sort(key=lambda q: q.order or 0)
        return Response(TrialQuestions({"edition": edition.number, "questions": rows}).data)

    def post(self, request: Request) -> Response:
        """Return what the answers come to."""
        at = clock.now()
        edition = catalogue_at(at)
        body = TrialAnswers(data=request.data, context={"questions": questions_of(edition)})
        body.is_valid(raise_exception=True)
        answers = body.validated_data["answers"]
        seen = preview(answers, edition)
        legs = estimated(seen, at) or []
        shown = {
            **_listed(seen, edition),
            "edition": edition.number,
            "open": [question.fact for question in seen.unanswered],
            "way": legs,
            "earliest_start": legs[-1].last if legs else None,
            "owed_before_start": owed_before_start(seen) if legs else 0,
            "page": settings.SITE_URL + address_of(answers),
        }
        return Response(TrialShown(shown).data)

    # — what the schema says ————————————————————————————————————————————————————

    def said(self, what: str, method: str) -> Any:
        """Return what is said of a method."""
        if what == "operation":
            return "trial_questions" if method == "GET" else "trial"
        if what == "title":
            return _("试算的问题") if method == "GET" else _("试算：要办哪些事项")
        return getattr(self, what)

    def body_of(self, method: str) -> Any:
        """Return the body of the question."""
        return TrialAnswers if method == "POST" else None

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the questions, or what answers come to."""
        return {200: TrialQuestions if method == "GET" else TrialShown}


def _listed(seen: Preview, edition: CatalogueEdition) -> dict[str, Any]:
    """Return eligibility, items, papers and what is left out; no list where the mechanism is closed."""
    questions = questions_of(edition)
    said = {
        "eligible": "no" if seen.reasons else "undecided" if seen.undecided else "yes",
        "reasons": reason_rows(seen.reasons, questions),
        "undecided": reason_rows(seen.undecided, questions),
    }
    if seen.reasons:
        return {**said, "items": [], "papers": [], "left_out": []}
    catalogue = items_shown(edition)
    fees = fees_of([*catalogue.values()])
    left = [
        {
            "code": one.code,
            "name": catalogue[one.code].label,
            "red_line": catalogue[one.code].red_line != NO_RED_LINE,
            "because": because(one.because, questions),
        }
        for one in seen.left_out
    ]
    items = [_item(catalogue[one.code], one, fees[one.code], questions) for one in seen.items]
    return {
        **said,
        "items": items,
        "papers": [_paper(one) for one in seen.papers],
        "left_out": left,
    }


def _item(item: CatalogueItem, found: Any, fee: Fee, questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.label,
        "item_class": item.item_class,
        "department": item.department.label_on(timezone.localdate(clock.now())),
        "applies": found.applies,
        "red_line": found.opinion_default == OpinionDefault.ESCALATE,
        "opinion_default": found.opinion_default,
        "start_gate": found.start_gate,
        "legal_basis": item.legal_basis,
        "statutory_days": item.statutory_days,
        "statutory_unit": item.statutory_unit,
        "fee": {
            "text": in_page_language(fee.zh, fee.en),
            "charge": fee.charge,
            "basis": fee.basis,
            "certainty": fee.certainty,
        },
        "because": because(found.because, questions),
    }


def _paper(need: Any) -> dict[str, Any]:
    return {
        "name": in_page_language(need.name_zh, need.name_en),
        "items": list(need.item_codes),
        "form": need.form,
        "copies": need.copies,
        "needed_by": need.needed_by,
        "tolerable": need.tolerable and not need.dependency,
        "looked_up": need.dependency,
        "certain": need.certain,
    }


ADDRESSES = [path("trial/", Trial.as_view(), name="trial")]
