"""The forms of the public pages and of the window's and supervisor's steps with them."""

from public_notice.forms.bulletins import BulletinForm, ReviewForm
from public_notice.forms.disclosures import (
    AnswerForm,
    ApproveForm,
    CorrectionForm,
    DisclosureForm,
    DisclosureLookup,
    LongerForm,
    RegisterForm,
    SupplementForm,
    ViewAnswerForm,
    ViewForm,
)
from public_notice.forms.lookup import DueForm, LookupForm
from public_notice.forms.objections import ObjectionForm, ReplyForm
from public_notice.forms.satisfaction import SatisfactionForm

__all__ = [
    "AnswerForm",
    "ApproveForm",
    "BulletinForm",
    "CorrectionForm",
    "DisclosureForm",
    "DisclosureLookup",
    "DueForm",
    "LongerForm",
    "LookupForm",
    "ObjectionForm",
    "RegisterForm",
    "ReplyForm",
    "ReviewForm",
    "SatisfactionForm",
    "SupplementForm",
    "ViewAnswerForm",
    "ViewForm",
]
