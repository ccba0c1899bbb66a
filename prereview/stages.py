"""Where a joint session can stand, and the outcomes of a department's slot. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionKind(models.TextChoices):
    """One model, two kinds."""

    SURVEY = "survey", _("联合勘察")
    MEETING = "meeting", _("联合预审会")


class SessionStage(models.TextChoices):
    """Stages of a joint session."""

    CALLED = "called", _("已通知")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")
    CANCELLED = "cancelled", _("已取消")


class Answer(models.TextChoices):
    """A department's answer to the summons."""

    NONE = "none", _("未答复")
    COMING = "coming", _("到会")
    EXCUSE = "excuse", _("请假待决定")
    GRANTED = "granted", _("准假")
    SUBSTITUTE = "substitute", _("派员代替到会")
    REFUSED = "refused", _("不准假")


class Authority(models.TextChoices):
    """By what a representative speaks for the department."""

    ROLE = "role", _("本单位任职人员")
    NAMED = "named", _("本单位答复中指定")
    LETTER = "letter", _("授权委托书")
    NONE = "none", _("未出示授权")


class CameBy(models.TextChoices):
    """How a department came into the roll of a session."""

    CODE = "code", _("会场动态码")
    HAND = "hand", _("召集人登记")
    ONLINE = "online", _("线上参加")
    PAGE = "page", _("本单位登记")


class RecorderRule(models.TextChoices):
    """Whether a meeting opens only with a recorder, in the county's word (P71)."""

    REQUIRED = "required", _("须指定记录人")
    OPTIONAL = "optional", _("可以不指定记录人")


class DraftState(models.TextChoices):
    """Where the draft of minutes stands, which were read in the room."""

    READ = "read", _("已宣读，待记录人确认")
    CONFIRMED = "confirmed", _("已由两人确认")
    RETURNED = "returned", _("记录人退回")
    TAKEN_BACK = "taken", _("召集人收回")


class Position(models.TextChoices):
    """What stands in a slot: given by a department, or what its silence came to."""

    AGREE = "agree", _("同意")
    CONDITIONS = "conditions", _("附条件同意")
    DISAGREE = "disagree", _("不同意")
    NOT_OURS = "not_ours", _("不属本部门")
    DEEMED_TIMEOUT = "deemed_timeout", _("视同无异议（超时）")
    DEEMED_ABSENCE = "deemed_absence", _("视同无异议（缺席）")
    NO_OPINION = "no_opinion", _("未表态")


GIVEN = (Position.AGREE, Position.CONDITIONS, Position.DISAGREE, Position.NOT_OURS)
DEEMED = (Position.DEEMED_TIMEOUT, Position.DEEMED_ABSENCE)


class SlotState(models.TextChoices):
    """Where a slot stands; only `settled` lets a conclusion be drawn."""

    AWAITED = "awaited", _("待提出意见")
    CANDIDATE = "candidate", _("拟视同无异议")
    HELD = "held", _("暂停默认，待处理")
    ESCALATED = "escalated", _("已转督办")
    SETTLED = "settled", _("已有结果")


class ContestResult(models.TextChoices):
    """What came of a department's contest of a default."""

    OPEN = "open", _("异议待决定")
    UPHELD = "upheld", _("异议成立")
    REJECTED = "rejected", _("异议不成立")


class WithdrawalState(models.TextChoices):
    """Where the withdrawal of a default stands."""

    PROPOSED = "proposed", _("撤回待批准")
    APPROVED = "approved", _("已撤回")
    REFUSED = "refused", _("撤回未批准")


class FollowUpKind(models.TextChoices):
    """What a department's defaults come to for the department."""

    INTERVIEW = "interview", _("约谈")
    REFERRAL = "referral", _("移送")


class Conclusion(models.TextChoices):
    """What a pre-review concludes for a filing."""

    PASS = "pass", _("通过")
    CHANGES = "changes", _("修改后通过")
    AGAIN = "again", _("再次上会")
    FAIL = "fail", _("不通过")


class FindingResult(models.TextChoices):
    """What a department found at one point of a visit."""

    FINE = "fine", _("无问题")
    PROBLEM = "problem", _("有问题")
    SUPPLEMENT = "supplement", _("需补充")


class RequestState(models.TextChoices):
    """Where the request for a second visit stands."""

    ASKED = "asked", _("待决定")
    GRANTED = "granted", _("同意再次勘察")
    REFUSED = "refused", _("不同意再次勘察")


class Presence(models.TextChoices):
    """Where a department was while a session was held, by the roll as it was recorded."""

    PRESENT = "present", _("到会")
    LATE = "late", _("迟到")
    LEFT = "left", _("提前离开")
    EXCUSED = "excused", _("准假")
    UNDECIDED = "undecided", _("请假待决定")
    ABSENT = "absent", _("缺席")
    UNSERVED = "unserved", _("未送达")
    AWAY = "away", _("未到场")
    CONTESTED = "contested", _("异议待决")
    CLEARED = "cleared", _("异议成立，不以缺席论")


class Spoken(models.TextChoices):
    """What a department said on one item after a session, or what its silence has come to."""

    GIVEN = "given", _("已提出意见")
    LATE = "late", _("只有迟到意见")
    SILENT = "silent", _("尚未提出")
    HELD = "held", _("暂停默认")
    ESCALATED = "escalated", _("已转督办")
    DEFAULTED = "defaulted", _("视同无异议")
    NO_OPINION = "no_opinion", _("未表态")


class Grade(models.TextChoices):
    """Who acts first, and who while the first is away or barred."""

    A = "a", _("A角")
    B = "b", _("B角")


class Duty(models.TextChoices):
    """What somebody may do for their department."""

    RECEIVE = "receive", _("签收通知和分送件")
    ATTEND = "attend", _("答复到会、签到")
    OPINE = "opine", _("提出意见")
    HEAD = "head", _("代行负责人职权（请假、异议、会签）")


class SignState(models.TextChoices):
    """Where an opinion stands that waits for the head of the department."""

    WAITING = "waiting", _("待会签")
    SIGNED = "signed", _("已会签")
    RETURNED = "returned", _("退回修改")
    REPLACED = "replaced", _("已另行提交")
