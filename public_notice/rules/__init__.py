"""The limits of this desk."""

from django.utils.translation import gettext_lazy as _

from core.deadlines.rules import Rule, Silence, StopKind, declare

NOTICE = declare(Rule("P7a", _("承诺公示"), Silence.CLOSES, _("社会公众")))
REPLY = declare(Rule("P18", _("答复公示异议"), Silence.ESCALATES, _("窗口"), received=True))
HEARING = declare(Rule("5b", _("组织公示异议听证"), Silence.ESCALATES, _("窗口"), received=True))

# Not a limit: whether the monthly bulletin of defaults is open to the public.
BULLETIN_PUBLIC = "P55"

# Not a limit either: whether the marks that a competent organ decided are shown on the county's own pages, too.
MARKS_PUBLIC = "P57"

# Not limits: what of the self-check makes a day count, how often it asks, whether one may object without a name, and
# how many objections from one address, and to one notice, are a flood that a person looks at first.
GOOD_SHARE = "P91"
CHECK_EVERY = "P92"
ANONYMOUS = "P93"
FROM_ONE = "P94"
TO_ONE = "P97"
# Days in which a subscription is confirmed, or its address deleted; and when the mail of the day leaves.
SUBSCRIPTION_LASTS, SUBSCRIPTION_HOUR = "P81a", "P81b"
# A request for disclosure (依申请公开): what runs for the office, and what for those who are asked.
CONFIRM = declare(Rule("P120", _("与申请人确认收到公开申请"), Silence.ESCALATES, _("窗口")))
ANSWER = declare(
    Rule(
        "17a", _("答复公开申请"), Silence.ESCALATES, _("窗口"), received=True,
        stops=(StopKind.THIRD_PARTY,), extension="17x",
    )
)  # fmt: skip
SUPPLY = declare(Rule("P121", _("补正公开申请"), Silence.ABANDONED, _("申请人")))
VIEW = declare(Rule("17c", _("第三方对公开的意见"), Silence.OFFICE_DECIDES, _("第三方")))
ORGAN_VIEW = declare(
    Rule("17d", _("共同制作机关对公开的意见"), Silence.AGREES_TO_DISCLOSE, _("共同制作机关"))
)
# Before words that were withheld are public again: the time of the enterprise whose they may be.
LIFTING_VIEW = declare(Rule("P161", _("企业对恢复公开的意见"), Silence.OFFICE_DECIDES, _("企业")))
ASK_WITHIN = "17b"  # not a limit of its own row: until when a correction may be asked for, once
LEADERS_AFTER = "P122"  # working days late, then the county's administrator hears of it, too
REVIEW_FIRST = "P123"  # whether a refusal must go through administrative review before a suit
# A letter to the mailbox (意见箱): its reply, the one more look its writer may ask for, and the writer's own time.
LETTER = declare(
    Rule(
        "P130", _("答复意见箱来信"), Silence.ESCALATES, _("承办单位"), received=True, extension="P148"
    )
)  # fmt: skip
LETTER_AGAIN = declare(
    Rule(
        "P131",
        _("复核意见箱来信"),
        Silence.ESCALATES,
        _("承办单位"),
        received=True,
        extension="P148",
    )
)
JUDGE = declare(Rule("P132", _("来信人评价答复"), Silence.ENDS_UNSAID, _("来信人")))
REPLY_REVIEWED = "P147"  # not a limit: whose replies a second person reviews: all, complaints, none
LETTER_LEADERS = "P133"  # working days late, then the county's administrator hears of it, too
# The questionnaire: days in which its code is taken, the month of the yearly round, the smallest sample that is told.
SURVEY_DAYS, SURVEY_MONTH = "P134", "P135"
