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
# From the notice to the acceptance a case may exit; from the cleared gate on, 办结 included, it may be revoked.
MAY_EXIT = (S.NOTICED, S.CLEARED, *WORKS)
MAY_BE_REVOKED = (S.CLEARED, *WORKS, S.COMPLETED)

# The strip of eleven steps that everybody knows; a stage belongs to one.
STEPS = tuple(
    enumerate(
        (
            _("申报"), _("清单告知"), _("受理"), _("联合勘察"), _("联合预审"), _("承诺"),
            _("公示"), _("开工告知"), _("建设"), _("联合验收"), _("办结"),
        ),
        start=1,
    )
)  # fmt: skip
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
    FALSE = "false", _("隐瞒有关情况或者提供虚假材料（行政许可法78）")


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


class Verdict(models.TextChoices):
    """What a clerk decides of one paper; a gap is the enterprise's to promise, so it is offered one, never given."""

    FINE = "fine", _("核收")
    RETURN = "return", _("退回")
    GAP = "gap", _("退回，可容缺")


class Then(models.TextChoices):
    """What follows once the papers are decided, in the same transaction."""

    NOTHING = "", _("只保存")
    CORRECT = "correct", _("一次告知补正")
    ACCEPT = "accept", _("受理")


class NeededBy(models.TextChoices):
    """When a material is needed."""

    INTAKE = "intake", _("申报时")
    PREREVIEW = "prereview", _("预审前")
    PAPER = "paper", _("出具文书前")
    ACCEPTANCE = "acceptance", _("竣工验收时")


class Power(models.TextChoices):
    """What an agent (代办) may do for an enterprise; to sign for it only where the authority says so expressly."""

    FILL = "fill", _("填报和提交")
    RECEIVE = "receive", _("签收送达")
    SIGN = "sign", _("签署承诺书、承诺补交、撤回、退出等须特别授权的事项")


class Side(models.TextChoices):
    """On whose side a person is responsible for a case."""

    ENTERPRISE = "enterprise", _("企业经办人")
    WINDOW = "window", _("窗口经办人")


class Attorney(models.TextChoices):
    """Whether an authority wants the scan of its power of attorney, in the county's word (P62)."""

    REQUIRED = "required", _("须附授权委托书")
    OPTIONAL = "optional", _("可以不附授权委托书")


class DraftPart(models.TextChoices):
    """The parts of a draft that are edited apart from each other."""

    ANSWERS = "answers", _("问卷")
    PROJECT = "project", _("项目信息")


class PaperStep(models.TextChoices):
    """What can be handed in on paper at the counter: the whole application, or papers of a filing that stands."""

    FILING = "submit", _("申报")
    HAND_IN = "hand_in", _("提交材料")
    CORRECTION = "hand_in_correction", _("提交补正材料")


class PaperState(models.TextChoices):
    """A paper intake is entered by one person of the window and confirmed by another; before it, nothing runs."""

    ENTERED = "entered", _("已登记，待第二人确认")
    CONFIRMED = "confirmed", _("已确认（补录）")
    REFUSED = "refused", _("不予确认")
    TAKEN_BACK = "taken_back", _("确认前收回修改")


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
    DROPPED = "dropped", _("不再需要")


# Nothing is to come any more: the paper is there, or only struck items wanted it.
GAP_OVER = (GapState.CLOSED, GapState.DROPPED)


class Datum(models.TextChoices):
    """In which system a place was measured; maps for the public are shifted and are no source of coordinates."""

    CGCS2000 = "cgcs2000", _("CGCS2000（国家大地坐标系，测绘成果用）")
    WGS84 = "wgs84", _("WGS-84（卫星定位仪、手机定位用）")


class Nature(models.TextChoices):
    """What is done to the works (建设性质); the words are in general use [D]."""

    NEW = "new", _("新建")
    EXTENDED = "extended", _("扩建")
    REBUILT = "rebuilt", _("改建")
    MOVED = "moved", _("迁建")
    RESTORED = "restored", _("恢复")
    RENEWED = "renewed", _("技术改造")


class WorksKind(models.TextChoices):
    """Which works they are (工程分类); the exchange's own numbers were not to be had [I]."""

    BUILDING = "building", _("房屋建筑")
    MUNICIPAL = "municipal", _("市政基础设施")
    OTHER = "other", _("其他工程")


class ToleranceModel(models.TextChoices):
    """What a tolerated gap holds up at an item: the decision (the rule), or only its effect (an item's own switch)."""

    COMPLETE = "1", _("模式一：先受理，补齐后才作决定")
    CONDITIONAL = "2", _("模式二：先作决定，附解除条件，未补齐的失效")


class Gravity(models.TextChoices):
    """How grave the breach of a clause is, as the catalogue proposes it; the grades are the county's to decide."""

    MINOR = "minor", _("轻微")
    GENERAL = "general", _("一般")
    SERIOUS = "serious", _("严重")


class BarArticle(models.TextChoices):
    """Which article of the Licensing Act keeps an enterprise from applying again for a matter of safety."""

    CONCEALED = "78", _("隐瞒情况或者提供虚假材料（行政许可法78）")
    DECEIT = "79", _("以欺骗等不正当手段取得（行政许可法79）")


class GapOutcome(models.TextChoices):
    """What became of a promise, as the ledger of gaps counts it."""

    OPEN = "open", _("待补齐")
    IN_TIME = "in_time", _("按期补齐")
    OVERDUE = "overdue", _("逾期未补齐")
    LATE = "late", _("逾期后补齐")
    NEVER = "never", _("始终未补齐，退件")
    DROPPED = "dropped", _("不再需要（事项核减或者本件终结）")
