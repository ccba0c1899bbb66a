"""The limits of this desk; their numbers and bases stand in the county's rulebook under the same codes."""

from django.utils.translation import gettext_lazy as _

from approvals.stages import Stage
from core.deadlines.rules import Rule, Silence, declare

CHECKLIST = declare(Rule("P1", _("清单告知"), Silence.ESCALATES, _("窗口"), received=True))
ACCEPTANCE = declare(
    Rule("P2", _("受理决定（县承诺）"), Silence.ESCALATES, _("窗口"), received=True)
)
STATUTORY_ACCEPTANCE = declare(
    Rule("1", _("受理决定（法定）"), Silence.DEEMED_ACCEPTED, _("窗口"), received=True)
)
CORRECTION = declare(Rule("P19", _("企业补正"), Silence.RETURNED, _("企业")))
SURVEY = declare(Rule("P4b", _("完成联合勘察"), Silence.ESCALATES, _("召集人")))
SIGN = declare(Rule("P6", _("签署承诺书"), Silence.REMINDED, _("企业")))
SIGN_AFTER_REMINDER = declare(Rule("P20", _("催办后签署承诺书"), Silence.LAPSED, _("企业")))
MEETING = declare(Rule("P34", _("召开联合预审会"), Silence.ESCALATES, _("召集人")))
PUBLISH = declare(Rule("P35", _("发布承诺公示"), Silence.ESCALATES, _("窗口")))
GATE = declare(Rule("P36", _("开工条件齐备"), Silence.ESCALATES, _("部门与窗口")))
START_NOTICE = declare(Rule("P8", _("发出开工告知书"), Silence.ESCALATES, _("窗口")))
PAPER_ON_COMMITMENT = declare(Rule("P21", _("凭承诺出具文书"), Silence.ESCALATES, _("责任部门")))
GAP = declare(Rule("P25", _("容缺材料补齐"), Silence.SUSPENDED, _("企业")))
GAP_SUSPENDED = declare(Rule("P14", _("中止后补齐"), Silence.RETURNED, _("企业")))
START_REPORT = declare(Rule("P26", _("报告开工"), Silence.ESCALATES, _("企业")))
FIRST_CHECK = declare(Rule("P9a", _("首次检查"), Silence.ESCALATES, _("责任部门")))
PROGRESS_REPORT = declare(Rule("P27", _("报告进度"), Silence.ESCALATES, _("企业")))
JOINT_ACCEPTANCE = declare(
    Rule("P10", _("联合验收"), Silence.ESCALATES, _("验收牵头部门"), received=True)
)
AMENDMENT = declare(Rule("P31", _("按清单整改并申请复验"), Silence.ESCALATES, _("企业")))

# Which limits begin when a stage is entered; those of the stage that is left end with it.
BY_STAGE = {
    Stage.SUBMITTED: (CHECKLIST,),
    Stage.RECEIVED: (ACCEPTANCE, STATUTORY_ACCEPTANCE),
    Stage.CORRECTING: (CORRECTION,),
    Stage.ACCEPTED: (SURVEY,),
    Stage.PREREVIEWING: (MEETING,),
    Stage.COMMITTING: (SIGN,),
    Stage.COMMITTED: (PUBLISH,),
    Stage.CLEARED: (GATE,),
    Stage.START_NOTIFIED: (START_REPORT,),
    Stage.BUILDING: (FIRST_CHECK, PROGRESS_REPORT),
    Stage.ACCEPTING: (JOINT_ACCEPTANCE,),
    Stage.AMENDING: (AMENDMENT,),
}
# Steps that come too late once the limit of a rule has passed: its silence has decided, whether or not a sweep has run.
OVERTAKEN_BY = {
    "promise_gap": (STATUTORY_ACCEPTANCE, CORRECTION),
    "check_material": (STATUTORY_ACCEPTANCE,),
    "accept": (STATUTORY_ACCEPTANCE,),
    "ask_correction": (STATUTORY_ACCEPTANCE,),
    "refuse": (STATUTORY_ACCEPTANCE,),
    "hand_in_correction": (CORRECTION,),
    "upload_material": (STATUTORY_ACCEPTANCE, CORRECTION, GAP_SUSPENDED),
    "begin_survey": (GAP,),
    "skip_survey": (GAP,),
    "call_meeting": (GAP,),
    "pass_prereview": (GAP,),
    "decline_items": (SIGN_AFTER_REMINDER,),
    "sign_letter": (SIGN_AFTER_REMINDER, GAP_SUSPENDED),
    "verify_letter": (GAP,),
    "publish": (GAP,),
    "notify_start": (GAP,),
    "withdraw": (CORRECTION, SIGN_AFTER_REMINDER, GAP_SUSPENDED),
}
# A limit that goes on through these stages although another was entered.
GOES_ON = {SURVEY.code: (Stage.SURVEYING, Stage.ACCEPTED)}
