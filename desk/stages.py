"""How high a delay has been told, on whom a running limit waits, and where a draft of the catalogue stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rung(models.TextChoices):
    """The rungs of the ladder, from below."""

    RESPONSIBLE = "responsible", _("责任人")
    HEAD = "head", _("部门负责人")
    LEAD = "lead", _("牵头单位")
    LEADERSHIP = "leadership", _("县领导")


class Party(models.TextChoices):
    """On whom a limit waits."""

    ENTERPRISE = "enterprise", _("企业")
    DEPARTMENT = "department", _("部门")
    WINDOW = "window", _("窗口")
    CONVENOR = "convenor", _("召集人")
    SUPERVISOR = "supervisor", _("效能监督")
    NOBODY = "nobody", _("无人")


class DraftState(models.TextChoices):
    """States of a draft of the catalogue; the last two are for ever."""

    OPEN = "open", _("起草中")
    PROPOSED = "proposed", _("待第二人签字")
    ADOPTED = "adopted", _("已通过")
    WITHDRAWN = "withdrawn", _("已作废")


class EditionOrigin(models.TextChoices):
    """Where an edition of the catalogue came from."""

    PACK = "pack", _("县规则包")
    DRAFT = "draft", _("草案通过")
    REVOCATION = "revocation", _("撤销未施行的一版")


class ChangeKind(models.TextChoices):
    """What somebody did to a draft."""

    ADDED = "added", _("新增一行")
    CHANGED = "changed", _("修改一行")
    STRUCK = "struck", _("删除一行")
    TABLE = "table", _("上传整表")
    CARRIED = "carried", _("承接新的一版")


class SheetWork(models.TextChoices):
    """What the background worker does with a spreadsheet."""

    CHECK_PAST = "check_past", _("检查往年台账")
    LOAD_PAST = "load_past", _("载入往年台账")
    CHECK_TABLES = "check_tables", _("检查清单表格")
    LOAD_TABLES = "load_tables", _("写入清单草案")


class TaskState(models.TextChoices):
    """Where a spreadsheet in the background stands; the last three are for ever."""

    WAITING = "waiting", _("等待后台处理")
    RUNNING = "running", _("正在处理")
    DONE = "done", _("已完成")
    REFUSED = "refused", _("没有完成")
    CANCELLED = "cancelled", _("已取消")


class PastOutcome(models.TextChoices):
    """How a filing of the years before the system ended, as the old book has it."""

    COMPLETED = "completed", _("办结")
    BUILDING = "building", _("建设中")
    STARTED = "started", _("已开工")
    ORDINARY = "ordinary", _("转一般程序")
    REFUSED = "refused", _("不予受理")
    RETURNED = "returned", _("退件")
    NOT_PASSED = "not_passed", _("预审不通过")
    WITHDRAWN = "withdrawn", _("撤回")
    REVOKED = "revoked", _("撤销")
    UNKNOWN = "unknown", _("不详")


class PackCopy(models.TextChoices):
    """For whom a pack of evidence is made: what it leaves out follows from it."""

    ENTERPRISE = "enterprise", _("企业副本")
    DEPARTMENT = "department", _("部门副本")
    OFFICE = "office", _("机关副本")
    COURT = "court", _("法院、复议机关副本")


class PackState(models.TextChoices):
    """Where a pack of evidence stands; the last two are for ever."""

    WAITING = "waiting", _("等待制作")
    RUNNING = "running", _("正在制作")
    DONE = "done", _("已制成")
    FAILED = "failed", _("没有制成")
