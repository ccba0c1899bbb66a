"""What people fill in on the pages of sessions and opinions."""

from prereview.forms.defaults import (
    ContestForm,
    DecideContestForm,
    DecideWithdrawalForm,
    FollowUpForm,
    WithdrawForm,
)
from prereview.forms.opinions import (
    ConcludeForm,
    DraftForm,
    EnterOpinionForm,
    LateOpinionForm,
    LinesField,
    NotOursForm,
    OpinionForm,
)
from prereview.forms.sessions import (
    CallForm,
    CheckInForm,
    DecideExcuseForm,
    ExcuseForm,
    FilesForm,
    ReasonForm,
    RepresentativeForm,
    SecondChannelForm,
)

__all__ = [
    "CallForm",
    "CheckInForm",
    "ConcludeForm",
    "ContestForm",
    "DecideContestForm",
    "DecideExcuseForm",
    "DecideWithdrawalForm",
    "DraftForm",
    "EnterOpinionForm",
    "ExcuseForm",
    "FilesForm",
    "FollowUpForm",
    "LateOpinionForm",
    "LinesField",
    "NotOursForm",
    "OpinionForm",
    "ReasonForm",
    "RepresentativeForm",
    "SecondChannelForm",
    "WithdrawForm",
]
