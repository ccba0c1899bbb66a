"""What must be true first of a filing, each with its sentence."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from approvals.stages import PaperState
from core.steps.reasons import because

if TYPE_CHECKING:
    from approvals.models import ChecklistItem, Filing


@because(_("本件已经终结，不再办理。"))
def not_ended(filing: "Filing") -> bool:
    """The case is on its way, a draft too."""
    return not filing.ended


@because(_("这是窗口录入的纸质申报：由窗口的第二人对照扫描件确认以后才算申报，轮到窗口。"))
def is_not_on_paper(filing: "Filing") -> bool:
    """The enterprise files it itself."""
    return not filing.on_paper


@because(_("这不是窗口录入的纸质申报：由企业自己申报。"))
def is_on_paper(filing: "Filing") -> bool:
    """The window types it from paper, and has not dropped it."""
    return filing.on_paper and not filing.ended_because


@because(_("已送第二人确认：要修改的，请登记的人先收回，或者等第二人决定。"))
def is_not_before_the_second_person(filing: "Filing") -> bool:
    """No entry of a paper application waits for its second person: then nobody changes what that person compares."""
    waiting = filing.on_paper and filing.paper_intakes.filter(state=PaperState.ENTERED).exists()
    return not waiting


@because(_("只有企业在纸上申报的申报件，才在窗口领取文书；其他的在系统里送达。"))
def came_on_paper(filing: "Filing") -> bool:
    """The application came on paper, whoever acts for the enterprise by now."""
    return filing.on_paper


@because(_("一次性告知书送达以后、办结以前，才有清单以外的要求。"))
def list_is_binding(filing: "Filing") -> bool:
    """The list was served and the case is on its way."""
    return filing.served_at is not None and not filing.ended


@because(_("项目信息还没有填完：请先补全标有“必填”的各项。"))
def project_is_described(filing: "Filing") -> bool:
    """The fields that every paper needs are there."""
    return all(
        (
            filing.project_name,
            filing.site_id,
            filing.scale,
            filing.investment_wan,
            filing.planned_start,
        )
    )


@because(_("申报以后才有申报编号，才能查进度。"))
def has_number(filing: "Filing") -> bool:
    """The filing has been handed in and bears a number by which it is followed."""
    return bool(filing.number)


@because(_("还有问题没有回答：问卷答完才能申报。"))
def questionnaire_is_answered(filing: "Filing") -> bool:
    """No question that applies is open."""
    return not filing.open_questions()


@because(_("窗口尚未核对企业营业执照：首次申报在核对后生效，轮到窗口办理。"))
def licence_is_confirmed(filing: "Filing") -> bool:
    """The window has seen the licence (once per enterprise)."""
    return filing.enterprise.licence_confirmed_at is not None


@because(_("窗口尚未作出适用承诺制的决定。"))
def eligibility_is_confirmed(filing: "Filing") -> bool:
    """The window has decided that the mechanism applies."""
    return filing.eligible_at is not None


@because(_("请先签收一次性告知书：签收后才知道要交什么。"))
def checklist_is_acknowledged(filing: "Filing") -> bool:
    """The enterprise has signed for the one-time notice."""
    return filing.acknowledged_at is not None


@because(_("申报时须交的材料还没有全部核收，也没有容缺承诺：请逐件核收、退回补正或同意容缺。"))
def intake_is_settled(filing: "Filing") -> bool:
    """Every material needed at filing is accepted, or is a promised gap."""
    return not filing.intake_open().exists()


@because(_("没有标为“需补正”的材料：补正告知须一次写明缺什么。"))
def something_is_to_correct(filing: "Filing") -> bool:
    """At least one material was returned with its reason."""
    return filing.materials.listed().returned().exists()


@because(_("还有被退回的材料没有重新提交。"))
def corrections_are_in(filing: "Filing") -> bool:
    """Nothing returned is still waiting for the enterprise."""
    return not filing.materials.listed().returned().exists()


@because(_("申报件因容缺材料逾期未补而中止：补齐并核验后恢复办理。"))
def not_suspended(filing: "Filing") -> bool:
    """The overlay of suspension is off."""
    return filing.suspended_at is None


@because(_("本项目已被责令停工整改：整改复查合格、解除停工后才能继续。"))
def works_go_on(filing: "Filing") -> bool:
    """No stop order is in force."""
    return filing.stopped_at is None


@because(_("承诺书的盖章扫描件还没有上传。"))
def letter_is_signed(filing: "Filing") -> bool:
    """The enterprise has handed in the sealed scan of the present letter."""
    letter = filing.letter()
    return letter is not None and letter.signed_at is not None


@because(_("承诺书的扫描件已经上传；要改承诺范围，请等窗口退回扫描件。"))
def letter_is_unsigned(filing: "Filing") -> bool:
    """The present letter has no scan yet."""
    letter = filing.letter()
    return letter is None or letter.signed_at is None


@because(_("清单对政府有约束力：只有“待核”的事项可以核减，确定适用的事项须依法办理。"))
def item_is_to_be_checked(item: "ChecklistItem") -> bool:
    """Nobody has settled yet whether the listed item applies; one that applies is not struck by a stroke of the pen."""
    return item.applies is None


@because(_("开工条件尚未齐备：逐项原因见“开工条件”。"))
def gate_is_open(filing: "Filing") -> bool:
    """Every item of the start gate is satisfied."""
    return not filing.gate_missing()
