"""An archive takes every paper: PDF/A-3, level A, as it is printed and after the county has signed it.

Read rule by rule (tests/papers/archive.py); no validator can be had from Debian, so true validation is not proven here.
"""

import io

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from core.documents.signing import pades
from tests import seals
from tests.papers.archive import faults
from tests.papers.making import example, made, printed

# A letter with its English page, minutes, a letter of the enterprise, wide tables, a hundred rows and lists.
KINDS = ("correction_english", "minutes", "tolerance_promise", "start_notice", "checklist_notice")


def kept(name: str) -> bytes:
    return made(name).stream.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_a_paper_is_taken_by_an_archive(name):
    assert faults(kept(name)) == []


def test_a_draft_is_taken_too():
    assert faults(printed("credit_intended", {**example("credit_intended"), "draft": True})) == []


@pytest.mark.parametrize("stamped", [False, True], ids=["signed", "signed and stamped"])
def test_a_signed_paper_is_taken_as_well(settings, tmp_path, at, stamped):
    """The signature is an update behind the frozen bytes: they keep their form, and what is added keeps the rules."""
    seals.put(tmp_path, settings)
    frozen = kept("correction_english")

    def sign():
        return pades.sign(
            frozen,
            reason="左承补〔2018〕1号",
            contact="https://x.example/",
            at=at("2018-06-15 09:30"),
        )

    if stamped:
        with seals.stamp_authority(settings):
            signed = sign()
    else:
        signed = sign()
    assert signed.content.startswith(frozen)
    assert faults(signed.content) == []


def changed(name: str, change) -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(kept(name))), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def _without(key):
    return lambda writer: writer.root_object.pop(key)


def _script(writer):
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def _hidden(writer):
    for page in writer.pages:
        for note in page.get("/Annots", ArrayObject()):
            note.get_object()[NameObject("/F")] = NumberObject(2)


def _bare(writer):
    font = next(iter(writer.pages[0]["/Resources"]["/Font"].values())).get_object()
    del font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()["/FontFile3"]


def _dumb(writer):
    del next(iter(writer.pages[0]["/Resources"]["/Font"].values())).get_object()["/ToUnicode"]


def _form(writer):
    form = DictionaryObject({NameObject("/NeedAppearances"): BooleanObject(value=True)})
    writer.root_object[NameObject("/AcroForm")] = form


BREAKS = {
    "output intent": _without("/OutputIntents"),
    "no structure": _without("/StructTreeRoot"),
    "no language": _without("/Lang"),
    "not marked as tagged": _without("/MarkInfo"),
    "active content": _script,
    "annotation /Link is not printed": _hidden,
    "is not embedded": _bare,
    "has no characters": _dumb,
    "form without appearances": _form,
    "two titles": lambda writer: writer.add_metadata({"/Title": "另一件"}),
    "encrypted": lambda writer: writer.encrypt(""),
}


@pytest.mark.parametrize("said", BREAKS)
def test_what_an_archive_refuses_is_found(said):
    """Else an empty list would prove nothing."""
    try:
        found = faults(changed("correction_english", BREAKS[said]))
    except pypdf.errors.FileNotDecryptedError:
        found = ["encrypted"]
    assert any(said in one for one in found), found
