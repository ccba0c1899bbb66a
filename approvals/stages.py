"""Where a filing (申报件) can stand, and the states of the things in it. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Stages of a filing, in the order of the county's flow; the ends off the road come last."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已申报")
    LISTED = "listed", _("清单已告知")
    RECEIVED = "received", _("已收件")
    CORRECTING = "correcting", _("补正中")
    ACCEPTED = "accepted", _("已受理")
    SURVEYING = "surveying", _("联合勘察中")
    PREREVIEWING = "prereviewing", _("联合预审中")
    COMMITTING = "committing", _("待签承诺")
    COMMITTED = "committed", _("已承诺")
    NOTICED = "noticed", _("公示中")
    CLEARED = "cleared", _("公示期满，核对开工条件")
    START_NOTIFIED = "start_notified", _("已发开工告知")
    BUILDING = "building", _("建设中")
    ACCEPTING = "accepting", _("联合验收中")
    AMENDING = "amending", _("验收整改中")
    COMPLETED = "completed", _("办结")
    ORDINARY = "ordinary", _("转一般程序")
    REFUSED = "refused", _("不予受理")
    RETURNED = "returned", _("退件")
    WITHDRAWN = "withdrawn", _("撤回")
    NOT_PASSED = "not_passed", _("预审不通过")
    LAPSED = "lapsed", _("失效")
    REVOKED = "revoked", _("撤销")


S = Stage
# Where a case that has left the road rests; 办结 is the end of the road itself.
ENDS = (
    S.ORDINARY, S.REFUSED, S.RETURNED, S.WITHDRAWN, S.NOT_PASSED, S.LAPSED, S.REVOKED,
)  # fmt: skip
BEFORE_START = (
    S.SUBMITTED, S.LISTED, S.RECEIVED, S.CORRECTING, S.ACCEPTED, S.SURVEYING,
    S.PREREVIEWING, S.COMMITTING, S.COMMITTED, S.NOTICED, S.CLEARED,
)  # fmt: skip
AFTER_ACCEPTANCE = (
    S.ACCEPTED, S.SURVEYING, S.PREREVIEWING, S.COMMITTING, S.COMMITTED, S.NOTICED, S.CLEARED,
)  # fmt: skip
WORKS = (S.START_NOTIFIED, S.BUILDING, S.ACCEPTING, S.AMENDING)  # the works are on, until 办结
AT_ACCEPTANCE = (S.ACCEPTING, S.AMENDING, S.COMPLETED)
AFTER_LIST = (S.LISTED, S.RECEIVED, S.CORRECTING, *AFTER_ACCEPTANCE, *WORKS, S.COMPLETED, *ENDS)
# From the notice to the acceptance a case may leave for the ordinary procedure; from the cleared gate on,
# 办结 included, it may be revoked.
MAY_EXIT = (S.NOTICED, S.CLEARED, *WORKS)
MAY_BE_REVOKED = (S.CLEARED, *WORKS, S.COMPLETED)

# The strip of eleven steps that everybody knows; a stage belongs to one.
STEPS = (
    (1, _("申报")),
    (2, _("清单告知")),
    (3, _("受理")),
    (4, _("联合勘察")),
    (5, _("联合预审")),
    (6, _("承诺")),
    (7, _("公示")),
    (8, _("开工告知")),
    (9, _("建设")),
    (10, _("联合验收")),
    (11, _("办结")),
)
STEP_OF = {
    S.DRAFT: 1, S.SUBMITTED: 2, S.LISTED: 3, S.RECEIVED: 3, S.CORRECTING: 3, S.ACCEPTED: 4,
    S.SURVEYING: 4, S.PREREVIEWING: 5, S.COMMITTING: 6, S.COMMITTED: 7, S.NOTICED: 7,
    S.CLEARED: 8, S.START_NOTIFIED: 9, S.BUILDING: 9, S.ACCEPTING: 10, S.AMENDING: 10, S.COMPLETED: 11,
}  # fmt: skip

ACCEPTANCE_LEAD = "acceptance_lead"  # the duty, in the county's list of departments, of leading the joint acceptance


class RefusalGround(models.TextChoices):
    """Why a filing is not accepted (行政许可法 32); missing papers are never a ground."""

    NOT_IN_SCOPE = "not_in_scope", _("不属于承诺制适用范围")
    NOT_OURS = "not_ours", _("不属于本机关职权范围")
    NOT_NEEDED = "not_needed", _("依法不需要取得行政许可")


class Channel(models.TextChoices):
    """Ways of service; who is in the room has been reached."""

    SYSTEM = "system", _("系统送达")
    PAPER = "paper", _("书面送达签收")
    PHONE = "phone", _("电话通知（两人在场）")
    ROOM = "room", _("到会签收")


BY_HAND = (Channel.PAPER, Channel.PHONE)  # the window's second channel


class Served(models.TextChoices):
    """What counts as service, in the county's word (P16a)."""

    ACKNOWLEDGED = "acknowledged", _("签收后视为送达")
    ARRIVAL = "arrival", _("进入指定系统即视为送达")


class ItemClass(models.TextChoices):
    """Classes of a checklist item."""

    SERVICE = "service", _("政府统一服务")
    COMMITMENT = "commitment", _("企业承诺")
    RETAINED = "retained", _("保留审批")


class OpinionDefault(models.TextChoices):
    """What silence may do to an opinion; settled for this project from the catalogue and its facts."""

    DEEMED = "deemed", _("视同无异议")
    ESCALATE = "escalate", _("转督办，不视为同意")
    NONE = "none", _("政府出具的技术成果，无须表态")


class StartGate(models.TextChoices):
    """What opens the start gate for an item."""

    SERVICE_DONE = "service_done", _("政府服务完成")
    COMMITMENT = "commitment", _("承诺经公示")
    PAPER = "paper_on_commitment", _("凭承诺当即出具文书")
    PRIOR = "prior_approval", _("事先取得批准")


class Approval(models.TextChoices):
    """The statutory approval of an item, apart from any opinion: silence never touches it."""

    NONE = "none", _("无须审批")
    OWED = "owed", _("应办未办")
    REPLACED = "replaced", _("被承诺替代")
    ISSUED = "issued", _("已取得")
    REFUSED = "refused", _("不予批准")
    LAPSED = "lapsed", _("附条件的决定已失效")


class MaterialState(models.TextChoices):
    """States of one material."""

    WANTED = "wanted", _("待提交")
    RECEIVED = "received", _("已提交")
    ACCEPTED = "accepted", _("已核收")
    RETURNED = "returned", _("需补正")
    GAP = "gap", _("容缺")
    DEPENDENCY = "dependency", _("由部门按文号查询")
    VOID = "void", _("不需要")


class NeededBy(models.TextChoices):
    """When a material is needed."""

    INTAKE = "intake", _("申报时")
    PREREVIEW = "prereview", _("预审前")
    PAPER = "paper", _("出具文书前")
    ACCEPTANCE = "acceptance", _("竣工验收时")


class LaterState(models.TextChoices):
    """A demand for material outside the list: nobody owes it before a supervisor has signed."""

    ASKED = "asked", _("待效能监督签字")
    SIGNED = "signed", _("已签字")
    REFUSED = "refused", _("不同意")


class GapState(models.TextChoices):
    """A tolerated gap's life."""

    OPEN = "open", _("待补齐")
    SUPPLIED = "supplied", _("已补交，待核验")
    CLOSED = "closed", _("已补齐")
    SUSPENDED = "suspended", _("逾期，中止办理")
    FAILED = "failed", _("未补齐")


class ToleranceModel(models.TextChoices):
    """What a tolerated gap holds up at an item: the decision (the rule), or only its effect (an item's own switch)."""

    COMPLETE = "1", _("模式一：先受理，补齐后才作决定")
    CONDITIONAL = "2", _("模式二：先作决定，附解除条件，未补齐的失效")


class GapOutcome(models.TextChoices):
    """What became of a promise, as the ledger of gaps counts it."""

    OPEN = "open", _("待补齐")
    IN_TIME = "in_time", _("按期补齐")
    OVERDUE = "overdue", _("逾期未补齐")
    LATE = "late", _("逾期后补齐")
    NEVER = "never", _("始终未补齐，退件")
    DROPPED = "dropped", _("本件因其他原因终结")
