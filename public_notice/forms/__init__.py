"""The forms of the public pages and of the window's and supervisor's steps with them."""

from public_notice.forms.bulletins import BulletinForm, ReviewForm
from public_notice.forms.lookup import DueForm, LookupForm
from public_notice.forms.objections import ObjectionForm, ReplyForm
from public_notice.forms.satisfaction import SatisfactionForm

__all__ = [
    "BulletinForm",
    "DueForm",
    "LookupForm",
    "ObjectionForm",
    "ReplyForm",
    "ReviewForm",
    "SatisfactionForm",
]
