"""Two officers' telephone on the works: what it sends of a check, at the instant of the walk."""

import io
from uuid import uuid4

from PIL import Image, ImageDraw

from inspection.services import Said, enter_check_photo, hold_check, take_statement
from inspection.stages import Kept, Signing
from prereview.services import Mark
from tests.prereview.onsite import jpeg, upload
from tests.walk import OFFICERS

SAID = Said(Signing.SIGNED, "示例工长", "现场负责人", "防护网正在补装", witnesses=())
REFUSED = Said(Signing.REFUSED, reason="未说明理由", witnesses=OFFICERS)


def png():
    """A signature as the canvas writes it."""
    out, image = io.BytesIO(), Image.new("RGB", (640, 240), "white")
    ImageDraw.Draw(image).line([(60, 180), (200, 60), (320, 190), (560, 80)], "black", 6)
    image.save(out, "PNG")
    return out.getvalue()


class Telephone:
    """What one officer's telephone sends."""

    def __init__(self, w, check, by):
        self.w, self.check, self.by = w, check, by

    def mark(self, made=None, **more):
        """The name of an entry, made now."""
        return Mark(uuid4(), made or self.w.now, self.by.pk, **more)

    def shoots(self, content=None, mark=None, **said):
        """Send a photograph."""
        file = upload(content or jpeg())
        return self.w.do(
            enter_check_photo, self.check, mark=mark or self.mark(), upload=file, by=self.by, **said
        )

    def hears(self, said=SAID, signed=True, mark=None, **more):
        """Send what the enterprise's person said, with the signature."""
        file = more.pop("upload", None) or (upload(png(), "signature.png") if signed else None)
        return self.w.do(
            take_statement, self.check, mark=mark or self.mark(), said=said, upload=file, by=self.by,
            **{"drawn": signed, **more},
        )  # fmt: skip

    def holds(self, mark=None, covers=(), text="现场查看", by=None, **said):
        """Send the record: every clause is kept."""
        from inspection.services import Looked

        results = [Looked(one, Kept.KEPT) for one in self.w.clauses(self.check.department.code)]
        return self.w.do(
            hold_check, self.check, officers=OFFICERS, results=results, text=text, covers=covers,
            mark=mark or self.mark(), by=by or self.by, **said,
        )  # fmt: skip
