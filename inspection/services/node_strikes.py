"""核减节点: the convenor takes back a promised node that the works have no more, on a paper that shows it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from approvals.models import Filing
from approvals.services import tell_enterprise
from core.deadlines.services import end
from core.documents.services import keep
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words, require
from inspection import policies
from inspection.models import NodeStrike, SiteNode
from inspection.queries.nodes import not_in
from inspection.queries.works import checking_departments
from inspection.services.telling import tell_departments


@transaction.atomic
def strike_node(
    filing: Filing,
    *,
    node: str,
    reason: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> SiteNode:
    """核减一个承诺的节点: the design changed, or the works never had it; nothing is asked of it any more.

    `node` is the code of a promised node that was not reported, `upload` the paper that shows why: the changed design,
    or the decision on it. Not the enterprise's to do, for a late node would vanish. Raises NotNow for another node,
    ValidationError, by field, without a reason or a paper. What was promised stays readable (`NodeStrike`).
    """
    filing = locked(filing)
    permit(filing, policies.convenor, by=by, at=at)
    require(filing, policies.is_building)
    found = not_in(filing).filter(node__code=node).first()
    if found is None or found.promised_on is None:
        raise NotNow([_("计划里没有这个节点，或者已经报告过。")])
    need_words(reason)
    if upload is None:
        raise ValidationError({"upload": _("请附上依据：变更后的设计，或者同意变更的文件。")})
    made = NodeStrike.objects.create(
        node=found, promised_before=found.promised_on, reason=reason.strip(), struck_by=by, struck_at=at,
        attachment=keep(upload, book=filing.book, by=by, at=at),
    )  # fmt: skip
    found.promised_on = None
    found.save(update_fields=["promised_on"])
    if found.running:
        end(found, at=at)
    act(
        filing, "strike_node", policy=policies.convenor, by=by, at=at, node=node, before=made.promised_before,
        note=found.node.name, reason=made.reason, file=made.attachment.sha256,
    )  # fmt: skip
    told = _("“%(node)s”已核减：%(why)s") % {"node": found, "why": made.reason}
    tell_enterprise(filing, told, f"node-strike:{made.pk}", at)
    tell_departments(filing, checking_departments(filing), told, f"node-strike:{made.pk}", at)
    return found
