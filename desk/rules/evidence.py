"""How a pack of evidence is laid out: its names, its four headings, and why something is left out."""

from dataclasses import dataclass, field
from typing import Any

FORM = "chengnuo-evidence/1"
EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the first instant a ZIP file knows: the same content gives the same bytes
GENUINE, WHOLE, USABLE, SAFE = "真实性", "完整性", "可用性", "安全性"
# The four checks of an electronic archive (GB/T 18894-2016, DA/T 70-2018), and what of the pack answers each.
HEADINGS = (
    (
        GENUINE, "authenticity",
        "谁在何时做了什么：台账节录逐条相连，由检查点签名见证；文书和凭证的摘要都在台账里。",
        "Who did what and when: the ledger extract is a chain under a signed checkpoint and names each paper.",
    ),
    (
        WHOLE, "integrity",
        "文书、送达凭证、每件默认的依据和逐日计算；每个文件的摘要列在 manifest.json。",
        "Papers, proofs of service, what each default rests on; manifest.json has the digest of each file.",
    ),
    (
        USABLE, "usability",
        "计算所用的日历、规则、清单各版，和不联网即可核对的程序；都是纯文本或 PDF。",
        "The editions that were used, and a program that checks without a network; plain text or PDF.",
    ),
    (
        SAFE, "security",
        "没有放入的内容逐件列出摘要和理由，由县留存；包内没有密钥。",
        "What is not in the pack is listed with digest and reason and is kept by the county; no key is in it.",
    ),
)  # fmt: skip
# Why something stands only by its digest, in both languages.
NOT_THEIRS = (
    "涉及其他单位的文书或凭证，不向本副本的领取单位提供，由县留存",
    "concerns others than the holder of this copy; the county keeps it",
)
QUARANTINED = (
    "查毒未完成或者发现恶意代码，不提供",
    "not handed out: still being scanned, or found to hold malicious code",
)
MATERIALS = (
    "申报材料不属证据包，摘要见台账，办结后在归档包内",
    "application materials are no part of this pack; their digests stand in the ledger, the files in the archive",
)


@dataclass(frozen=True)
class Part:
    """One file of a pack: its name, under which heading, its bytes or the stored file, and what is said of it."""

    name: str
    heading: str
    content: bytes | None = None
    file: Any = None
    sha256: str = ""  # what the bytes must be the digest of, where that was known before
    facts: dict[str, Any] = field(default_factory=dict)


def left_out(what: str, sha256: str, size: int, why: tuple[str, str]) -> dict[str, Any]:
    """Return the line of something that is not in the pack."""
    return {"what": what, "sha256": sha256, "size": size, "reason_zh": why[0], "reason_en": why[1]}


def table_of_contents(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the four headings with the names of what stands under each."""
    return [
        {
            "heading": zh, "heading_en": en, "says_zh": said, "says_en": said_en,
            "members": [part["name"] for part in parts if part["heading"] == zh],
        }
        for zh, en, said, said_en in HEADINGS
    ]  # fmt: skip
