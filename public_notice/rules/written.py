"""What may be written of a matter of the catalogue of publicity. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from public_notice.rules.openness import OWN
from public_notice.rules.personal import personal_left
from public_notice.stages import Matter, OpenEvent

WRITTEN: Final = (
    "kind", "name", "name_en", "content", "content_en", "form", "form_en", "event", "rule", "address", "basis",
    "certainty",
)  # fmt: skip
# The columns of a county pack that have another name.
PACK: Final = {"name": "name_zh", "content": "content_zh", "form": "form_zh"}
CERTAINTIES: Final = ("A", "B", "C", "D", "I")
# The events whose publications run under a limit of their own; that of a notice runs in its case.
OF_ITS_OWN: Final = frozenset(OpenEvent) - {
    OpenEvent.CATALOGUE,
    OpenEvent.RULEBOOK,
    OpenEvent.NOTICE,
}
ADDRESS: Final = re.compile(r"(/|/(?!/)[A-Za-z0-9._~/-]*/|https://[^\s<>\"']{4,190})?")


def wrong(said: Mapping[str, str]) -> dict[str, Any]:
    """Return what is wrong with the words of a matter, a sentence a field."""
    found: dict[str, Any] = {}
    for name in ("name", "content", "form", "basis"):
        if not said[name]:
            found[name] = _("请填写。")
    if said["kind"] not in Matter.values:
        found["kind"] = _("请选择一项。")
    if said["event"] and said["event"] not in OpenEvent.values:
        found["event"] = _("请选择一项。")
    if said["certainty"] not in CERTAINTIES:
        found["certainty"] = _("请选择一项。")
    if not ADDRESS.fullmatch(said["address"]):
        found["address"] = _("写本网站的地址（如 /guides/），或者以 https:// 开头的网址。")
    return {**found, **_personal(said)} or _together(said)


def _personal(said: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields with a number of a person: everybody is going to read them."""
    text = _("不能写个人的证件号码或者手机号码。")
    return {name: text for name in WRITTEN if personal_left(said[name])}


def _together(said: Mapping[str, str]) -> dict[str, Any]:
    if said["kind"] == Matter.WITHHELD:
        stray = bool(said["event"] or said["rule"])
        return {"event": _("不予公开的事项没有公开时限。")} if stray else {}
    if said["event"] and not said["rule"]:
        return {"rule": _("由事件产生的，须写明公开时限。")}
    if said["event"] in OF_ITS_OWN and said["rule"] not in OWN:
        codes = "、".join(OWN)
        return {"rule": _("登记的信息按规则%(codes)s计算公开时限。") % {"codes": codes}}
    return {}
