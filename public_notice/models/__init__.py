"""What the public sees and says: notices, objections, bulletins, answers about how a case went."""

from public_notice.models.bulletins import Bulletin
from public_notice.models.notices import Notice, NoticeText, new_public_id
from public_notice.models.objections import Objection, new_code
from public_notice.models.openness import OpenMatter, Publication
from public_notice.models.satisfaction import Asked, Tally

__all__ = [
    "Asked",
    "Bulletin",
    "Notice",
    "NoticeText",
    "Objection",
    "OpenMatter",
    "Publication",
    "Tally",
    "new_code",
    "new_public_id",
]
