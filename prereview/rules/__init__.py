"""The limits of this desk, and the pure function that decides what silence and absence come to."""

from django.utils.translation import gettext_lazy as _

from core.deadlines.rules import BY_OPINION, Rule, Silence, declare

SURVEY_OPINION = declare(
    Rule("P4c", _("勘察意见"), Silence.NO_OBJECTION, _("部门"), stops=BY_OPINION)
)
OPINION = declare(Rule("P5b", _("预审意见"), Silence.NO_OBJECTION, _("部门"), stops=BY_OPINION))
MINUTES = declare(Rule("P5c", _("形成会议纪要和结论"), Silence.ESCALATES, _("召集人")))
ACKNOWLEDGE = declare(Rule("P16", _("签收通知、分送件"), Silence.SECOND_CHANNEL, _("部门")))
MAKE_UP = declare(Rule("P13", _("默认后补做意见"), Silence.ESCALATES, _("部门")))
CONTEST_DECISION = declare(
    Rule("P50", _("决定对默认的异议"), Silence.ESCALATES, _("召集人"), received=True)
)
ROLL_DECISION = declare(
    Rule("P50b", _("决定对到会记录的异议"), Silence.ESCALATES, _("效能监督"), received=True)
)

# Numbers that are not limits of their own: notice ahead, self-confirmation, escalation.
SURVEY_NOTICE, MEETING_NOTICE = "P4a", "P5a"
CONFIRMS_ITSELF, ESCALATION = "P12", "P15"
CONTEST = "P17"
INTERVIEW, REFERRAL, PERIOD = "P51", "P52", "P53"
SERVICE = "P16a"  # what counts as service, a word and no number
QUORUM = "P70"  # percent of the departments served; shown, and blocks nothing
RECORDER = "P71"  # whether a meeting opens only with a recorder, a word
TWO_PERSONS = "34"  # persons at a check on the site
