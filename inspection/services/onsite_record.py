"""What the record of a check (DOC23) says of what came from the works: photographs, statement, signature or refusal."""

from datetime import datetime
from typing import Any

from core.documents.plates import MOST as MOST_PRINTED
from core.steps.papers import time_text
from inspection.models import Check, CheckPhoto, CheckStatement
from inspection.queries.onsite import photos_counted, statement_of
from inspection.stages import Signing

HALF = 32  # of a digest on each line: a table breaks nowhere else
DRAWN = "屏幕手写签名，只证明签名人当时在场，不是《中华人民共和国电子签名法》所称的电子签名"
PICTURED = "纸上签名的照片，原件由检查人员留存"


def site_part(check: Check, at: datetime) -> dict[str, Any]:
    """Return the part of the record's content that was entered on the works before the record arrived."""
    photos, said = photos_counted(check), statement_of(check)
    pictures = [_picture(number, one) for number, one in enumerate(photos, start=1)]
    kept = [one for one in pictures if not one.pop("hidden")][: MOST_PRINTED - 1]
    signed = [_signature(said)] if said and said.signature else []
    return {
        "entered_text": _entered(check, at),
        "photos": [_photo(number, one) for number, one in enumerate(photos, start=1)],
        "pictures": [*kept, *signed],
        "said": [_said(said)] if said else [],
        "statement": (said.text if said else check.statement) or "未作陈述",
        "officers_note": _noted_beside(check, said),
    }


def _noted_beside(check: Check, said: CheckStatement | None) -> str:
    """Return what the officers wrote down of a statement where the person gave another one: nobody signed for it."""
    typed = check.statement if said else ""
    return "" if said and typed.split() == said.text.split() else typed


def _entered(check: Check, at: datetime) -> str:
    if check.made_at is None:
        return ""
    return (
        f"现场记录在检查人员的设备上完成（设备时间{time_text(check.made_at)}），系统于{time_text(at)}收到；"
        "检查时间和整改期限以收到时间为准。"
    )


def _when(one: Any) -> str:
    return time_text(one.happened_at) + ("（迟到记录）" if one.late else "")


def _photo(number: int, one: CheckPhoto) -> dict[str, str]:
    return {
        "number": str(number),
        "point": f"条款{one.clause.number}" if one.clause else "—",
        "at_text": _when(one),
        "position": one.position or "未附位置",
        "digest_front": one.sha256[:HALF],
        "digest_back": one.sha256[HALF:],
    }


def _picture(number: int, one: CheckPhoto) -> dict[str, Any]:
    return {
        "number": str(number),
        "at_text": _when(one),
        "file": one.file_id,
        "sha256": one.sha256,
        "signature": False,
        "hidden": bool(one.file.not_previewed),
    }


def _signature(one: CheckStatement) -> dict[str, Any]:
    return {
        "number": "签名",
        "at_text": _when(one),
        "file": one.signature_id,
        "sha256": one.sha256,
        "signature": True,
    }


def _said(one: CheckStatement) -> dict[str, str]:
    witnesses = "、".join(f"{x['name']}（执法证号{x['card']}）" for x in one.witnesses)
    signed = one.signing == Signing.SIGNED
    return {
        "who": f"{one.name}（{one.role}）" if one.role else one.name or "未说明身份",
        "at_text": _when(one),
        "outcome": "已签名" if signed else f"拒绝签名。理由：{one.reason}",
        "note": (DRAWN if one.drawn else PICTURED) if signed else f"见证人：{witnesses}",
    }
