"""满意度: who was asked, and how many gave which answer, apart from each other: no row binds the two."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from approvals.models import Filing
from approvals.models.catalogue import in_page_language
from public_notice.stages import Occasion, Score


class Asked(models.Model):
    """已作满意度回答: that an enterprise has answered for a case, once; what it said is in its year's sum alone."""

    filing = models.OneToOneField(Filing, models.PROTECT, related_name="satisfaction_asked")

    class Meta:
        verbose_name = verbose_name_plural = _("已作满意度回答")

    def __str__(self) -> str:
        return str(self.filing)


class Tally(models.Model):
    """满意度: the answers of a closing year as numbers alone; no answer has a row, so that none binds anybody.

    What is shown changes only with every so many answers together: who sees two of them learns nobody's answer.
    """

    year = models.PositiveSmallIntegerField(_("办结年份"), unique=True)
    answers = models.PositiveIntegerField(_("评价件数"), default=0)
    good = models.PositiveIntegerField(_("其中满意的件数"), default=0)
    shown_answers = models.PositiveIntegerField(_("公开的评价件数"), default=0)
    shown_good = models.PositiveIntegerField(_("公开的满意件数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("满意度")
        ordering = ("year",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    good__lte=F("answers"),
                    shown_good__lte=F("shown_answers"),
                    shown_answers__lte=F("answers"),
                ),
                name="no_more_are_satisfied_than_answered",
            ),
        )

    def __str__(self) -> str:
        return str(self.year)


class SurveyQuestion(models.Model):
    """满意度问题: one version of a question of the pack; answers keep to the words that were read.

    `overall` is the one question that the end of a case always asks; its answers are those of `Tally`, too.
    """

    code = models.CharField(_("编号"), max_length=8)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    order = models.PositiveSmallIntegerField(_("顺序"))
    text = models.CharField(_("问题"), max_length=200)
    text_en = models.CharField(_("问题（英文）"), max_length=300)
    overall = models.BooleanField(_("总的满意度"), default=False)
    current = models.BooleanField(_("现行"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("满意度问题")
        ordering = ("order", "code", "version")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="one_version_of_a_question"),
        )

    def __str__(self) -> str:
        return in_page_language(self.text, self.text_en)


class SurveyRound(models.Model):
    """满意度问卷: the sheets of a year, of closed cases or of the yearly round, as numbers; no sheet has a row.

    What is shown goes on only when so many sheets have come together, as with `Tally`.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    occasion = models.CharField(_("问卷场合"), max_length=8, choices=Occasion.choices)
    ends_on = models.DateField(_("截止日"), null=True, blank=True)
    sheets = models.PositiveIntegerField(_("问卷份数"), default=0)
    shown_sheets = models.PositiveIntegerField(_("公开的问卷份数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("满意度问卷")
        ordering = ("-year", "occasion")
        constraints = (
            models.UniqueConstraint(fields=["year", "occasion"], name="one_survey_of_a_year"),
            models.CheckConstraint(
                condition=Q(shown_sheets__lte=F("sheets")), name="no_more_sheets_shown_than_came"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.get_occasion_display()}"


class SurveyCount(models.Model):
    """满意度分项: how many sheets of a round gave a question a score."""

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="counts")
    question = models.ForeignKey(SurveyQuestion, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("评价"), choices=Score.choices)
    answers = models.PositiveIntegerField(_("份数"), default=0)
    shown = models.PositiveIntegerField(_("公开的份数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("满意度分项")
        ordering = ("question__order", "-score")
        constraints = (
            models.UniqueConstraint(
                fields=["round", "question", "score"], name="one_count_per_score"
            ),
            models.CheckConstraint(
                condition=Q(shown__lte=F("answers")), name="no_more_scores_shown_than_given"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question_id} {self.score}"


class SurveyRemark(models.Model):
    """满意度意见: what a sheet said in words. It has no time, and its key is drawn by chance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="remarks")
    text = models.TextField(_("意见"), max_length=1000)
    shown = models.BooleanField(_("已公开"), default=False)
    # How many sheets there were when it was shown: those shown together have the same, and it tells of no single one.
    shown_with = models.PositiveIntegerField(_("公开时的问卷份数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("满意度意见")
        ordering = ("-shown_with", "id")

    def __str__(self) -> str:
        return str(self.round)


class SurveyCode(models.Model):
    """问卷码: lets an enterprise answer once, of a closed case or of a year; it is never beside an answer."""

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="codes")
    enterprise = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    filing = models.OneToOneField(
        Filing, models.PROTECT, null=True, blank=True, related_name="survey_code"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ends_on = models.DateField(_("截止日"))
    used = models.BooleanField(_("已用"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("问卷码")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["round", "enterprise"], condition=Q(filing=None),
                name="one_code_per_enterprise_and_year",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.round} · {self.enterprise}"
