"""What is done with notices and objections."""

from public_notice.services.notices import draft_notice, publish_notice
from public_notice.services.objections import lodge_objection, reply_objection

__all__ = ["draft_notice", "lodge_objection", "publish_notice", "reply_objection"]
