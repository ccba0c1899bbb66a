"""States of what follows the start: reports, checks, findings, measures, acceptance. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    """What an enterprise reports of its works (企业投资项目核准和备案管理条例 16)."""

    START = "start", _("开工报告")
    PROGRESS = "progress", _("进度报告")
    COMPLETION = "completion", _("竣工报告")


class OpinionThenCheck(models.TextChoices):
    """Whether who gave a department's opinion may inspect the same works, in the county's word (P76)."""

    ALLOWED = "allowed", _("可以由同一人办理")
    APART = "apart", _("须由不同的人办理")


class CheckMode(models.TextChoices):
    """Why a check takes place."""

    PLANNED = "planned", _("计划检查")
    RANDOM = "random", _("双随机抽查")
    COMPLAINT = "complaint", _("举报核查")
    SEEN = "seen", _("现场查见")


class VisitPurpose(models.TextChoices):
    """What a planned visit is for."""

    FULL = "full", _("安全和健康条款全覆盖检查")
    NODE = "node", _("建设中条款核查")
    REPORT = "report", _("逾期未报告进度的核查")


class Group(models.TextChoices):
    """By what record of the enterprise its projects are drawn; the shares are the county's to decide."""

    GOOD = "good", _("信用良好，减少抽查")
    USUAL = "usual", _("一般")
    MARKED = "marked", _("失信期间，全部检查")


class Signing(models.TextChoices):
    """What the enterprise's person on the site does with what was said: signs it there, or refuses to."""

    SIGNED = "signed", _("现场签名")
    REFUSED = "refused", _("拒绝签名")


class Kept(models.TextChoices):
    """What a check found of one clause."""

    KEPT = "kept", _("符合")
    BROKEN = "broken", _("不符合")
    NOT_YET = "not_yet", _("尚未到核查阶段")


class Severity(models.TextChoices):
    """How grave a breach is; the grades are the county's to decide."""

    MINOR = "minor", _("轻微")
    GENERAL = "general", _("一般")
    SERIOUS = "serious", _("严重")


class Broken(models.TextChoices):
    """What was broken: a clause of the letter, or the rule that nothing is used before it has passed."""

    CLAUSE = "clause", _("违反承诺条款")
    USE = "use", _("验收合格前投入使用")


class FindingState(models.TextChoices):
    """A finding's life: told, mended, looked at again."""

    OPEN = "open", _("限期整改")
    REPORTED = "reported", _("已报整改，待复查")
    CLOSED = "closed", _("复查合格")
    FAILED = "failed", _("逾期或复查不合格")


class MeasureKind(models.TextChoices):
    """What follows where a breach is not mended, in the order of its weight."""

    STOP = "stop", _("停工整改")
    EXIT = "exit", _("退出承诺制、转一般程序")
    REVOKE = "revoke", _("撤销")
    CREDIT = "credit", _("失信认定")


class Ground(models.TextChoices):
    """On what ground a measure rests."""

    WISH = "wish", _("企业申请退出")
    NOT_MENDED = "not_mended", _("违反承诺，逾期未改或整改不合格")
    CHANGED = "changed", _("项目发生重大变更，不再符合承诺条件")
    DECEIT = "deceit", _("以欺骗等不正当手段取得（行政许可法69）")
    OFFICIAL_FAULT = "official_fault", _("行政机关违法准予（行政许可法69）")
    DANGER = "danger", _("危及安全，须立即停止")


class MeasureState(models.TextChoices):
    """A measure's life: intended, heard, imposed or dropped; a stop is lifted, a credit mark repaired."""

    INTENDED = "intended", _("拟作处理，听取意见")
    HEARD = "heard", _("已听取意见，待决定")
    IMPOSED = "imposed", _("已决定")
    DROPPED = "dropped", _("不予处理")
    LIFTED = "lifted", _("已解除")


class RepairState(models.TextChoices):
    """An application for credit repair."""

    APPLIED = "applied", _("已申请")
    GRANTED = "granted", _("准予修复")
    REFUSED = "refused", _("不予修复")


class Verdict(models.TextChoices):
    """What a department found of one clause or special at the joint acceptance; silence never fills it."""

    AWAITED = "awaited", _("待验收")
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")


class Result(models.TextChoices):
    """What a round of the joint acceptance concluded."""

    PASS = "pass", _("验收合格")
    FAIL = "fail", _("验收不合格，出具整改清单")
