"""What a file carries, a load in the background and a paper that failed to print, before a real browser."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import expect

from approvals import services
from approvals.stages import Stage
from core import clock
from core.documents.models import Paper
from core.documents.receiving import hold
from core.documents.watching import Watch
from core.steps.papers import render_waiting
from desk.services.sheet_tasks import queue_sheet, work_waiting
from desk.stages import SheetWork
from tests.core.hostile import picture
from tests.core.test_insides import docx, paragraph
from tests.desk.test_past import book
from tests.e2e.audit import audit
from tests.walk import walk

pytestmark = pytest.mark.browser


def test_what_is_not_drawn_or_not_done_yet_says_so(site, people, at):
    w = walk(people, at("2018-06-04 09:00"), to=Stage.LISTED)
    body = "".join(
        map(paragraph, ("项目情况说明", "一、建设内容：年产两千吨小杂粮", "二、拟开工时间：九月"))
    )
    content = docx(body, **{"docProps/thumbnail.png": picture("PNG", (300, 400))})
    material = w.filing.materials.intake()[0]
    upload = SimpleUploadedFile("情况说明.docx", content)
    kept = w.do(services.upload_material, material, upload=upload, by=w.enterprise).attachment
    paper = Paper.objects.filter(book=w.filing.book).last()
    paper.file, paper.failure, paper.rendered_at = "", "缺少字体：方正小标宋", w.now
    paper.save()
    site.stand(w.now)

    window = site.person("window", width=360)
    window.goes(reverse("approvals:preview", args=[kept.pk]))
    window.sees("不能逐页预览", "没有核对过它是不是文件的内容", "年产两千吨小杂粮")
    window.shoot("not-drawn")
    wrong = audit(window.page)
    window.goes(reverse("approvals:paper", args=[paper.code]))
    window.sees("成文失败，原因：缺少字体")
    window.shoot("print-again")
    wrong += audit(window.page)
    window.press("再次成文")
    window.sees("正在成文")
    with window.page.expect_download(timeout=20_000) as coming:  # nobody touches the page
        assert render_waiting(clock.now()) >= 1
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")

    held = hold(
        SimpleUploadedFile("2018.csv", book({}, {})),
        most=1 << 20,
        by=people.administrator,
        at=w.now,
    )
    job = queue_sheet(
        SheetWork.LOAD_PAST, token=held.token, rows=2, by=people.administrator, at=w.now
    )  # fmt: skip
    Watch(people.administrator.user_id, job.token).tell("writing", 1, 2)
    administrator = site.person("admin", width=1440, scripts=False)
    administrator.goes(reverse("desk:load_past"))
    administrator.sees("正在写入：第1行，共2行", "自动从头再来")
    administrator.shoot("load-under-way")
    assert work_waiting(w.now) == 1
    # The page asks again by itself, without a script; the rows were completed later than the county's day.
    expect(administrator.page.locator("main")).to_contain_text("一行也没有写入", timeout=20_000)
    administrator.shoot("load-refused")
    assert not wrong, "\n".join(wrong)
