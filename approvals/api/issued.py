"""Papers that were issued: voiding the number of one, correcting another; and making one out on request."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.bodies import Reason
from approvals.api.files import PAPERS
from approvals.api.shown import PaperFull
from core.steps.api import Step, addresses
from core.steps.correcting import correct_paper, second_person, takes_back, void_paper


class MakeOut(serializers.Serializer):
    """Which paper, made of what: the kind as the county lists it, the number of the thing, a reason where owed."""

    kind = serializers.RegexField(r"^DOC\d{2}$", max_length=10)
    subject = serializers.RegexField(r"^\d{1,18}$", max_length=18)
    reason = serializers.CharField(max_length=2000, default="", allow_blank=True)


class Correction(serializers.Serializer):
    """The new words by their place in the paper (`gaps[0].reason`), and why."""

    changes = serializers.DictField(child=serializers.CharField(max_length=2000), allow_empty=False)
    reason = serializers.CharField(max_length=300)


VOID = Step(
    "void", void_paper, takes_back, _("作废文号"), Reason,
    explain=_("只限依请求制发的文书；由制发人以外的召集人或者效能监督人员办理，文号连同理由留存。"),
    shown=PaperFull,
)  # fmt: skip
CORRECT = Step(
    "correct", correct_paper, second_person, _("更正文书的文字"), Correction,
    explain=_("出具一份新的文书，另编文号，写明所更正的文书；原件不动。"), shown=PaperFull,
)  # fmt: skip
ADDRESSES = addresses(PAPERS, VOID, CORRECT)
