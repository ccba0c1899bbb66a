"""The limits of this desk; their numbers and bases stand in the county's rulebook under the same codes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.stages import Stage
from core.deadlines.rules import BY_COUNTY, BY_FORCE, BY_STATUTE, Rule, Silence, declare


class LimitSort(models.TextChoices):
    """Who set a limit, so that no one is mistaken for another."""

    STATUTORY = "statutory", _("法定时限")
    PROMISED = "promised", _("承诺时限")
    INTERNAL = "internal", _("内部时限")
    ENTERPRISE = "enterprise", _("企业的时间")


COUNTY_EXTENSION = "P37"  # the most days that may be added to a limit of the county's own

CHECKLIST = declare(Rule("P1", _("清单告知"), Silence.ESCALATES, _("窗口"), received=True))
ACCEPTANCE = declare(
    Rule("P2", _("受理决定（县承诺）"), Silence.ESCALATES, _("窗口"), received=True)
)
STATUTORY_ACCEPTANCE = declare(
    Rule("1", _("受理决定（法定）"), Silence.DEEMED_ACCEPTED, _("窗口"), received=True)
)
CORRECTION = declare(Rule("P19", _("企业补正"), Silence.RETURNED, _("企业"), stops=BY_FORCE))
SURVEY = declare(
    Rule(
        "P4b",
        _("完成联合勘察"),
        Silence.ESCALATES,
        _("召集人"),
        stops=BY_COUNTY,
        extension=COUNTY_EXTENSION,
    )
)
SIGN = declare(Rule("P6", _("签署承诺书"), Silence.REMINDED, _("企业"), stops=BY_FORCE))
SIGN_AFTER_REMINDER = declare(
    Rule("P20", _("催办后签署承诺书"), Silence.LAPSED, _("企业"), stops=BY_FORCE)
)
MEETING = declare(
    Rule(
        "P34",
        _("召开联合预审会"),
        Silence.ESCALATES,
        _("召集人"),
        stops=BY_COUNTY,
        extension=COUNTY_EXTENSION,
    )
)
PUBLISH = declare(
    Rule(
        "P35",
        _("发布承诺公示"),
        Silence.ESCALATES,
        _("窗口"),
        stops=BY_COUNTY,
        extension=COUNTY_EXTENSION,
    )
)
GATE = declare(Rule("P36", _("开工条件齐备"), Silence.ESCALATES, _("部门与窗口")))
START_NOTICE = declare(Rule("P8", _("发出开工告知书"), Silence.ESCALATES, _("窗口")))
PAPER_ON_COMMITMENT = declare(
    Rule("P21", _("凭承诺出具文书"), Silence.ESCALATES, _("责任部门"), stops=BY_COUNTY)
)
# The limits of an owed approval, which run beside each other: what the statute gives, what the county promised, and
# (P21) what it keeps inside. None of them ever defaults; past its end each goes to the supervisor.
STATUTORY_APPROVAL = declare(
    Rule("2", _("法定审批时限"), Silence.ESCALATES, _("责任部门"), stops=BY_STATUTE)
)
PROMISED_APPROVAL = declare(
    Rule("P38", _("承诺审批时限"), Silence.ESCALATES, _("责任部门"), stops=BY_COUNTY)
)
PROMISES_PUBLISHED = (
    "P39"  # a flag: before the county has published its promises nobody is held to them
)
# By which article an approval's own limit may be lengthened, and the row that caps it; the first that fits holds.
EXTENSIONS = (
    ("行政许可法 42(2)", "3x"),  # joint or centralised handling
    ("企业投资项目核准和备案管理条例 10", "6x"),
    ("行政许可法 42", "2x"),
)
GAP = declare(Rule("P25", _("容缺材料补齐"), Silence.SUSPENDED, _("企业"), stops=BY_FORCE))
GAP_SUSPENDED = declare(Rule("P14", _("中止后补齐"), Silence.RETURNED, _("企业"), stops=BY_FORCE))
# A start that is put off is lengthened as often as the county says (P26b), as 建筑法 9 has it for a permit: twice.
START_REPORT = declare(
    Rule(
        "P26",
        _("报告开工"),
        Silence.ESCALATES,
        _("企业"),
        stops=BY_FORCE,
        extension="P26a",
        extensions="P26b",
    )
)
# Where nobody says that the works began, and nothing on record says so either, the notification ends as 建筑法 9 ends a
# permit: after a reminder. A rulebook without the row reminds nobody, and the case waits for the supervisor alone.
START_AFTER_REMINDER = declare(
    Rule("P149", _("催报后报告开工"), Silence.LAPSED, _("企业"), stops=BY_FORCE)
)
FIRST_CHECK = declare(
    Rule(
        "P9a",
        _("首次检查"),
        Silence.ESCALATES,
        _("责任部门"),
        stops=BY_FORCE,
    )
)
PROGRESS_REPORT = declare(Rule("P27", _("报告进度"), Silence.ESCALATES, _("企业"), stops=BY_FORCE))
JOINT_ACCEPTANCE = declare(
    Rule(
        "P10",
        _("联合验收"),
        Silence.ESCALATES,
        _("验收牵头部门"),
        received=True,
        stops=BY_COUNTY,
        extension=COUNTY_EXTENSION,
    )
)
AMENDMENT = declare(
    Rule("P31", _("按清单整改并申请复验"), Silence.ESCALATES, _("企业"), stops=BY_FORCE)
)

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
    "hand_in_correction_on_paper": (CORRECTION,),
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
    "report_start": (START_AFTER_REMINDER,),
    "exit_to_ordinary": (START_AFTER_REMINDER,),
    "revoke": (START_AFTER_REMINDER,),
}
# A limit that goes on through these stages although another was entered.
GOES_ON = {SURVEY.code: (Stage.SURVEYING, Stage.ACCEPTED)}
# What is none of these is the county's own, inside the government.
SORTS = {
    **{rule.code: LimitSort.STATUTORY for rule in (STATUTORY_ACCEPTANCE, STATUTORY_APPROVAL)},
    **{rule.code: LimitSort.PROMISED for rule in (ACCEPTANCE, PROMISED_APPROVAL)},
    **{
        rule.code: LimitSort.ENTERPRISE
        for rule in (
            CORRECTION,
            SIGN,
            SIGN_AFTER_REMINDER,
            START_REPORT,
            START_AFTER_REMINDER,
            PROGRESS_REPORT,
            AMENDMENT,
        )
    },
}

Holds = Callable[[Any, datetime], bool]
HELD_BACK: dict[str, list[Holds]] = {}


def holds_back(rule: Rule) -> Callable[[Holds], Holds]:
    """Name what keeps the silence of a limit from deciding: a function of the case and of the instant the limit ends.

    It goes by what was on record then, never by when it is asked; where it holds, a person decides.
    """

    def named(holds: Holds) -> Holds:
        HELD_BACK.setdefault(rule.code, []).append(holds)
        return holds

    return named


def extension_of(legal_basis: str) -> str:
    """Return the rulebook row that caps an extension of an approval by the article it rests on; none where no such is.

    Special laws prevail (行政许可法 42): a limit that another act gives is lengthened only as that act says.
    """
    return next((row for article, row in EXTENSIONS if article in legal_basis), "")
