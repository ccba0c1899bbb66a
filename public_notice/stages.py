"""Where a notice can stand, and what an objection comes to. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeStage(models.TextChoices):
    """Stages of a notice."""

    RUNNING = "running", _("公示中")
    CONTESTED = "contested", _("期满，异议待答复")
    CLEAN = "clean", _("公示期满，无未决异议")
    UPHELD = "upheld", _("异议成立，公示终止")
    WITHDRAWN = "withdrawn", _("撤下")


class Finding(models.TextChoices):
    """What the window found of an objection."""

    OPEN = "open", _("办理中")
    NOT_UPHELD = "not_upheld", _("异议不成立")
    PARTLY = "partly", _("部分成立，已更正")
    UPHELD = "upheld", _("异议成立")
    SET_ASIDE = "set_aside", _("不属于异议")


class ProposalKind(models.TextChoices):
    """What about a notice one person proposes and another decides."""

    TAKE_DOWN = "take_down", _("撤下公示（提前结束）")
    HIDE = "hide", _("隐藏一件异议的文字")
    OVERRULE = "overrule", _("不采信自检警报，恢复计日")


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    ASKED = "asked", _("待第二人决定")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", _("未同意")


class PartState(models.TextChoices):
    """Where words stand that somebody has marked as confidential."""

    ASKED = "asked", _("待第二人审核")
    GRANTED = "granted", _("不公开")
    REFUSED = "refused", _("照常公开")
    LIFTED = "lifted", _("已恢复公开")


class Shown(models.TextChoices):
    """What a self-check found of a public page."""

    WHOLE = "whole", _("可以打开，内容一致")
    CHANGED = "changed", _("能打开，内容与公示文书不一致")
    NO_ANSWER = "no_answer", _("打不开")


class BulletinState(models.TextChoices):
    """Where the bulletin of a month stands."""

    DRAFTED = "drafted", _("通报待审核")
    SENT_BACK = "sent_back", _("通报退回")
    KEPT_INSIDE = "inside", _("已审核，不公开")
    PUBLISHED = "published", _("通报已公开")


class Score(models.IntegerChoices):
    """What an enterprise says of how its case was handled."""

    VERY_GOOD = 5, _("很满意")
    GOOD = 4, _("满意")
    FAIR = 3, _("基本满意")
    POOR = 2, _("不满意")
    VERY_POOR = 1, _("很不满意")


class DisclosureStage(models.TextChoices):
    """Where a request for disclosure stands (依申请公开)."""

    SUBMITTED = "submitted", _("待确认收到")
    RUNNING = "running", _("答复办理中")
    CORRECTING = "correcting", _("待申请人补正")
    ANSWERED = "answered", _("申请已答复")
    ABANDONED = "abandoned", _("视为放弃")
    WITHDRAWN = "withdrawn", _("申请人撤回")


class DisclosureChannel(models.TextChoices):
    """How a request came in: it decides the day of its receipt (政府信息公开条例 31)."""

    WEB = "web", _("互联网")
    COUNTER = "counter", _("当面")
    SIGNED_MAIL = "signed_mail", _("需签收的邮寄")
    MAIL = "mail", _("无需签收的邮寄")
    FAX = "fax", _("传真")


class Applicant(models.TextChoices):
    """Who asks, as the annual report counts them."""

    PERSON = "person", _("自然人")
    COMPANY = "company", _("商业企业")
    RESEARCH = "research", _("科研机构")
    CHARITY = "charity", _("社会公益组织")
    LAW_FIRM = "law_firm", _("法律服务机构")
    OTHER = "other", _("其他组织")


class Wanted(models.TextChoices):
    """In which form somebody wants to have what they ask for."""

    ELECTRONIC = "electronic", _("电子文本")
    PAPER = "paper", _("纸质文本")
    READ = "read", _("当面查阅")


class AnswerKind(models.TextChoices):
    """The seven kinds of answer (政府信息公开条例 36)."""

    ALREADY_PUBLIC = "already_public", _("已经主动公开")
    GIVEN = "given", _("可以公开")
    NOT_GIVEN = "not_given", _("决定不予公开")
    ABSENT = "absent", _("经检索没有该信息")
    ELSEWHERE = "elsewhere", _("不属于本机关负责公开")
    REPEATED = "repeated", _("重复申请不予处理")
    REGISTER = "register", _("另有查询规定的登记资料")


class Result(models.TextChoices):
    """What came of a request, as the annual report counts it."""

    PUBLISHED = "published", _("已主动公开，告知获取方式")
    DISCLOSED = "disclosed", _("予以公开")
    PARTLY_DISCLOSED = "partly", _("部分公开")
    SECRET = "secret", _("属于国家秘密")
    FORBIDDEN = "forbidden", _("其他法律、行政法规禁止公开")
    HARMFUL = "harmful", _("危及“三安全一稳定”")
    THIRD_PARTY = "third_party", _("保护第三方合法权益")
    INTERNAL = "internal", _("属于三类内部事务信息")
    PROCESS = "process", _("属于四类过程性信息")
    ENFORCEMENT = "enforcement", _("属于行政执法案卷")
    QUERY = "query", _("属于行政查询事项")
    NOT_EXISTING = "not_existing", _("不存在该信息")
    NOT_OURS = "not_ours", _("本机关不掌握，告知负责公开的机关")
    TO_BE_MADE = "to_be_made", _("没有现成信息需要另行制作")
    STILL_UNCLEAR = "still_unclear", _("补正后申请内容仍不明确")
    PETITION = "petition", _("信访举报投诉类申请")
    AGAIN = "again", _("重复申请")
    PRINTED = "printed", _("要求提供公开出版物")
    TOO_MANY = "too_many", _("无正当理由大量反复申请")
    CONFIRMATION = "confirmation", _("要求确认或者重新出具已获取信息")
    NOT_CORRECTED = "not_corrected", _("无正当理由逾期不补正")
    NOT_PAID = "not_paid", _("逾期未按收费通知缴费")
    TAKEN_BACK = "taken_back", _("其他（申请人撤回）")


class InquiryKind(models.TextChoices):
    """Of whom something is asked while a request is handled."""

    CORRECTION = "correction", _("请申请人补正")
    THIRD_PARTY = "third_party", _("征求第三方意见")
    ORGAN = "organ", _("征求共同制作机关意见")


class InquiryResult(models.TextChoices):
    """What came of asking."""

    OPEN = "open", _("等待回复")
    SUPPLIED = "supplied", _("已补正")
    AGREED = "agreed", _("同意公开")
    OPPOSED = "opposed", _("不同意公开")
    SILENT = "silent", _("逾期未回复")
    ENDED = "ended", _("申请已结束，不再需要")


class Matter(models.TextChoices):
    """The five kinds of what is published (五公开), and what is not."""

    DECISION = "decision", _("决策公开")
    EXECUTION = "execution", _("执行公开")
    MANAGEMENT = "management", _("管理公开")
    SERVICE = "service", _("服务公开")
    RESULT = "result", _("结果公开")
    WITHHELD = "withheld", _("不予公开")


class OpenEvent(models.TextChoices):
    """From what something to be published arises; without one a matter is simply kept up to date."""

    CATALOGUE = "catalogue", _("事项清单新版施行")
    RULEBOOK = "rulebook", _("期限规则新版施行")
    NOTICE = "notice", _("承诺书核验")
    BULLETIN = "bulletin", _("有默认的月份结束")
    APPROVAL = "approval", _("法定审批取得")
    CREDIT = "credit", _("失信认定")
    DRAW = "draw", _("双随机抽取")
    CHECK = "check", _("双随机检查结束")
    STATISTICS = "statistics", _("统计月份结束")
    BY_HAND = "by_hand", _("公开主体登记")


class Timeliness(models.TextChoices):
    """How a publication stands against its limit."""

    IN_TIME = "in_time", _("按期公开")
    LATE = "late", _("逾期公开")
    RUNNING = "running", _("待公开")
    OVERDUE = "overdue", _("逾期未公开")
    UNDATED = "undated", _("到期日待定")


class LetterStage(models.TextChoices):
    """Where a letter to the mailbox stands; after the first reply its writer may have it looked at once more."""

    RECEIVED = "received", _("待转办")
    ASSIGNED = "assigned", _("部门办理中")
    REPLIED = "replied", _("已答复，待来信人评价")
    CLOSED = "closed", _("来信已办结")


class LetterChannel(models.TextChoices):
    """How a letter came."""

    WEB = "web", _("网上意见箱")
    HOTLINE = "hotline", _("12345热线工单")


class Occasion(models.TextChoices):
    """When the questionnaire is asked."""

    CLOSING = "closing", _("办结评价")
    YEARLY = "yearly", _("年度评价")
