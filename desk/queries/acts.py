"""The acts of the ledger in words; a name once written outlives the code, so a label is never taken away."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.models import Filing
from prereview.models import Session
from prereview.stages import Position
from public_notice.models import Notice

ACTS: dict[str, Any] = {
    "open_draft": _("建立草稿"),
    "confirm_licence": _("核对企业营业执照"),
    "decide_eligible": _("决定适用承诺制"),
    "acknowledge_checklist": _("签收一次性告知书"),
    "strike_item": _("核减清单事项"),
    "upload_material": _("提交一件材料"),
    "promise_gap": _("申请容缺并承诺补齐"),
    "check_material": _("核验一件材料"),
    "check_gap": _("核验容缺补交材料"),
    "gap_overdue": _("待补材料逾期"),
    "suspend": _("中止办理"),
    "resume": _("恢复办理"),
    "date_limit": _("放假安排公布，确定到期日"),
    "move_limit": _("放假安排调整，期限顺延"),
    "keep_limit": _("放假安排调整，已送达的期限不缩短"),
    "shorten_limit": _("效能监督签字，期限按新的日历提前"),
    "suspend_limit": _("中止一个期限"),
    "resume_limit": _("恢复一个期限"),
    "extend_limit": _("延长一个期限"),
    "take_up_item": _("受理一个事项的审批"),
    "escalate": _("逾期，转效能监督督办"),
    "raise_delay": _("逾期未办，升级督办"),
    "send_again": _("再次发送未能送出的消息"),
    "remind_to_sign": _("催办签署承诺书"),
    "decline_items": _("选择不作承诺的事项"),
    "sign_letter": _("上传承诺书盖章扫描件"),
    "reject_scan": _("退回承诺书扫描件"),
    "finish_change": _("核对修改完成"),
    "record_approval": _("登记法定审批"),
    "close_correction_case": _("办结纠错事项"),
    "issue_paper": _("制发文书"),
    "render_paper": _("文书成文"),
    "call_session": _("召集会次"),
    "call_meeting": _("列入联合预审会议程"),
    "session_cancelled": _("会次取消"),
    "serve": _("送达通知"),
    "second_channel": _("未签收，改用第二种方式送达"),
    "acknowledge": _("签收通知"),
    "serve_again": _("第二种方式送达"),
    "service_failed": _("第二种方式送达，没有送到"),
    "dispatch": _("分送各部门"),
    "acknowledge_dispatch": _("签收分送件"),
    "dispatch_unsigned": _("分送件未签收，改用第二种方式送达"),
    "serve_dispatch": _("第二种方式送达分送件"),
    "dispatch_failed": _("第二种方式送达分送件，没有送到"),
    "answer_coming": _("答复到会"),
    "lodge_excuse": _("请假"),
    "decide_excuse": _("决定请假"),
    "check_in": _("签到"),
    "leave": _("离开"),
    "open_item": _("开始一项议程"),
    "close_item": _("结束一项议程"),
    "agenda_closed": _("本项目审议（勘察）结束"),
    "slot_candidate": _("拟视同无异议"),
    "slot_held": _("默认暂停"),
    "slot_escalated": _("红线事项逾期，转督办"),
    "give_opinion": _("提出意见"),
    "save_draft": _("保存意见草稿"),
    "enter_opinion": _("登记其他渠道意见"),
    "invalid_form": _("登记其他渠道意见，形式不合"),
    "claim_not_ours": _("提出不属本部门"),
    "decide_not_ours": _("决定是否不属本部门"),
    "late_opinion": _("提出迟到意见"),
    "confirm_default": _("确认视同无异议"),
    "dismiss_default": _("驳回拟视同无异议"),
    "serve_slot_again": _("重新送达，重新起算"),
    "make_up_overdue": _("默认后补做意见逾期"),
    "contest_default": _("对默认提出异议"),
    "decide_contest": _("决定对默认的异议"),
    "contest_overdue": _("对默认的异议逾期未决定"),
    "propose_withdrawal": _("提出撤回默认"),
    "approve_withdrawal": _("批准撤回默认"),
    "refuse_withdrawal": _("不批准撤回默认"),
    "finish_follow_up": _("办结约谈、移送"),
    "conclude": _("作出预审结论"),
    "review_again": _("再次上会"),
    "publish_notice": _("发布承诺公示"),
    "lodge_objection": _("收到公示异议"),
    "reply_objection": _("答复公示异议"),
    "draft_bulletin": _("起草默认情况通报"),
    "publish_bulletin": _("审核通过默认情况通报"),
    "send_back_bulletin": _("退回默认情况通报"),
    "report_progress": _("报告进度"),
    "report_completion": _("报告竣工"),
    "call_visit": _("通知现场验收"),
    "give_verdict": _("提出验收意见"),
    "report_amendment": _("写明整改情况"),
    "archive": _("形成归档包"),
    "plan_check": _("安排检查"),
    "plan_unannounced_check": _("安排不预先告知的检查"),
    "call_off_check": _("取消检查"),
    "call_off_unannounced_check": _("取消不预先告知的检查"),
    "draw_random_checks": _("抽取双随机检查"),
    "hold_check": _("检查承诺落实情况"),
    "find_breach": _("送达整改通知书"),
    "report_rectified": _("报整改"),
    "recheck": _("复查整改"),
    "views_not_given": _("未陈述、申辩"),
    "propose_measure": _("告知拟作的处理"),
    "give_views": _("陈述、申辩"),
    "decide_measure": _("决定处理"),
    "request_exit": _("申请退出承诺制"),
    "ask_lift": _("申请解除停工"),
    "lift_stop": _("解除停工"),
    "uphold_stop": _("维持停工"),
    "apply_repair": _("申请信用修复"),
    "decide_repair": _("决定信用修复"),
    "register_enterprise": _("企业注册"),
    "make_token": _("新建访问令牌"),
    "revoke_token": _("撤销访问令牌"),
    "load_county": _("载入县规则包"),
    "appoint": _("任命或变更任职"),
    "import_past": _("载入往年申报件"),
    "withdraw_past": _("撤下往年批次"),
    "load_calendar": _("载入日历版次"),
    "close_counters": _("登记停办日"),
    "reopen_counters": _("撤销停办"),
    "load_rulebook": _("载入规则版次"),
    "load_catalogue": _("载入清单版次"),
    **{str(position.value): position.label for position in Position if position != Position.AGREE},
}


def _steps() -> dict[str, Any]:
    labels: dict[str, Any] = {}
    for model in (Filing, Session, Notice):
        for name in dir(model):
            found = getattr(getattr(model, name, None), "_django_fsm", None)
            if found is not None:
                labels[name] = next(iter(found.transitions.values())).custom["label"]
    return labels


LABELS = {**_steps(), **ACTS}


def act_label(act: str) -> str:
    """Return an act in words; its bare name where no label is known."""
    return str(LABELS.get(act, act))
