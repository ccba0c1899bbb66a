"""Headers on every answer: pages, files and each kind of error; the errors' own pages."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

from config.errors import bad_request
from tests.house.headers import faults
from tests.walk import Walk, pdf

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u4e00-\u9fff]")


@login_not_required
def fails(request: HttpRequest):
    """A page that breaks, for this test alone."""
    raise RuntimeError("provoked")


urlpatterns = [path("provoked/", fails), path("", include("config.urls"))]
handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"


@pytest.fixture
def draft(people, at):
    """A draft of the first enterprise."""
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    return way


@pytest.fixture
def own(draft, client):
    """The browser of the enterprise, with its draft."""
    client.force_login(draft.enterprise.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def told(response, status):
    """An error of that status, in Chinese, with its headers, that says what to do."""
    text = response.content.decode()
    assert response.status_code == status, text[:500]
    assert faults(response) == []
    main = re.search(r"<main.*</main>", text, re.DOTALL)[0]
    assert "<h1>" in main
    assert "请" in main or status in (409, 422)  # what to do; a step's own page has its reasons
    assert 'href="' in main  # a way on
    assert 'name="language"' in text  # and the way to the other language
    return text


def test_a_request_for_another_host_is_refused(client):
    text = told(client.get("/", headers={"host": "evil.example"}), 400)

    assert "evil" not in text


def test_a_body_that_cannot_be_read_is_refused(client):
    broken = "multipart/form-data; boundary=" + "x" * 3

    told(client.generic("POST", "/register/", b"--xxx\r\nrubbish", content_type=broken), 422)
    told(client.generic("POST", "/register/", b"x", content_type="multipart/form-data"), 400)


def test_a_form_of_another_site_is_refused():
    strict = Client(enforce_csrf_checks=True)

    told(strict.post("/register/", {}), 403)


def test_a_page_that_is_not_there(client, own):
    told(client.get("/nothing/at/all/"), 404)
    told(own.get("/cases/nothing/"), 404)


def test_a_page_of_somebody_elses_business(own):
    told(own.get("/sessions/call/"), 403)


def test_a_way_that_is_not_offered(own):
    answer = own.delete("/desk/read/")

    assert answer.status_code == 405
    assert faults(answer) == []


def test_a_step_that_cannot_be_taken_now(own, draft):
    told(own.post(f"/cases/{draft.filing.public_id}/hand-in/"), 409)


def test_a_form_that_is_not_filled(own, draft):
    told(own.post(f"/cases/{draft.filing.public_id}/project/", {}), 422)


def test_more_text_than_the_site_takes(client):
    told(client.post("/register/", {"name": "示" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}), 413)
    told(client.post("/register/", {f"f{n}": "1" for n in range(3001)}), 413)


def test_too_many_guesses_at_a_password(client, settings):
    settings.AXES_ENABLED = True
    guess = {"login": "enterprise-01", "password": "guess"}
    answers = [client.post("/accounts/login/", guess) for _ in range(5)]

    told(answers[-1], 429)


@pytest.mark.urls(__name__)
def test_a_page_that_breaks(client):
    client.raise_request_exception = False

    text = told(client.get("/provoked/"), 500)

    assert "provoked" not in text
    assert "Traceback" not in text


@pytest.mark.urls(__name__)
def test_the_errors_speak_the_language_that_was_chosen(client):
    client.raise_request_exception = False
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    for page in ("/provoked/", "/nothing/"):
        text = client.get(page).content.decode()
        said = re.sub(r"<button[^>]*>.*?</button>|<p>左权县.*?</p>|左权县", "", text)
        assert '<html lang="en">' in text
        assert not HAN.search(re.search(r"<h1>.*?</main>", said, re.DOTALL)[0]), page


@pytest.mark.urls(__name__)
def test_a_page_that_breaks_needs_no_database(client, django_assert_num_queries):
    client.raise_request_exception = False

    with django_assert_num_queries(0):
        client.get("/provoked/")


def test_a_static_file_and_a_missing_one(client):
    for name in ("css/chengnuo.css", "js/chengnuo.js", "img/nothing.png"):
        assert faults(client.get(f"/static/{name}")) == []


def test_a_file_is_saved_and_never_opened(own, people, at):
    way = Walk(people, at("2018-03-05 09:00"))
    for step in ("draft", "submit", "serve"):
        getattr(way, step)()
    material = way.filing.intake_open().first()
    name = 'a";x=\r\nSet-Cookie: b=1; 材料<script>.pdf'
    way.do(_upload, material, upload=pdf(name), by=people.enterprise)
    answer = own.get(f"/attachments/{way.filing.book.attachments.get().pk}/")

    assert faults(answer, personal=True) == []
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers
    assert answer["Content-Type"] == "application/pdf"


def _upload(material, *, upload, by, at):
    from approvals.services import upload_material

    return upload_material(material, upload=upload, by=by, at=at)


def test_https_is_kept_once_it_was_used(client, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000

    assert "max-age=31536000" in client.get("/", secure=True)["Strict-Transport-Security"]


def test_a_body_is_read_to_its_end_before_it_is_refused(rf):
    request = rf.post("/", {"file": SimpleUploadedFile("a.pdf", b"x" * 300_000)})

    bad_request(request)

    assert request.read() == b""
