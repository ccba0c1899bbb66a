"""The templates: each is used, short, and free of decisions, styles and scripts."""

import ast
import re

import pytest
from django.template.loader import get_template

from tests.house.source import ROOT, modules, nodes

FOLDER = ROOT / "templates"
TEMPLATES = {str(path.relative_to(FOLDER)): path for path in sorted(FOLDER.rglob("*.html"))}

# Asked for by Django or a library, under these very names.
ASKED_FOR = (
    "403.html", "404.html", "429.html",  # answers to errors
    "allauth/", "account/",  # our dress of the library's pages
    "django/forms/",  # how a form is drawn
    "admin/",
)  # fmt: skip
# Put on a page by nobody yet. Each line says for whom it lies ready.
READY: dict[str, str] = {}

LONGEST = 120
NAMED = re.compile(r"""["']([\w./-]+\.html)["']""")
FORBIDDEN = {
    "a stage is compared in a template": re.compile(r"stage\s*(==|!=)|(==|!=)\s*[\"']?\w*stage"),
    "a style is written into the page": re.compile(r"\sstyle\s*=|<style\b"),
    "a script is written into the page": re.compile(r"<script\b(?![^>]*\ssrc=)|javascript:"),
    "an event is handled in an attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
}


def used():
    """Names of templates in the code, in other templates, and of the papers that services issue."""
    texts = {
        node.value
        for tree in modules().values()
        for node in nodes(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = {text for text in texts if text.endswith(".html")}
    names |= {f"papers/{text}.html" for text in texts if re.fullmatch(r"[a-z_]+", text)}
    for path in TEMPLATES.values():
        own = str(path.relative_to(FOLDER))
        names |= set(NAMED.findall(path.read_text(encoding="utf-8"))) - {own}
    return names


def test_no_template_is_unused():
    unused = {name for name in TEMPLATES if not name.startswith(ASKED_FOR)} - used()

    assert unused == set(READY)


def test_every_named_template_is_there():
    """Without the libraries' own: what a page includes or extends can be loaded."""
    pattern = re.compile(r"{%\s*(?:include|extends)\s+[\"']([\w./-]+)[\"']")
    for path in TEMPLATES.values():
        for name in pattern.findall(path.read_text(encoding="utf-8")):
            get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_short(name):
    assert len(TEMPLATES[name].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_decides_styles_and_runs_nothing(name):
    text = TEMPLATES[name].read_text(encoding="utf-8")
    if name.startswith("papers/"):
        text = re.sub(r"\sstyle=\"[^\"]*\"", "", text)  # the printer of papers has no other way
    found = {
        f"line {text[: match.start()].count(chr(10)) + 1}: {what}"
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    }

    assert found == set()


@pytest.mark.parametrize(
    "line",
    [
        "{% if filing.stage == 'draft' %}",
        '<p style="color: red">',
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        "<a href='javascript:go()'>",
    ],
)
def test_what_is_forbidden_is_found(line):
    assert any(pattern.search(line) for pattern in FORBIDDEN.values())


def test_no_page_takes_a_word_of_the_frame_around_it():
    """What `config.context.site` tells each page (示例数据, 只能查看, the county) is lost where a view says it."""
    (site,) = (
        node
        for node in modules()["config/context.py"].body
        if isinstance(node, ast.FunctionDef) and node.name == "site"
    )
    told = next(node.value for node in ast.walk(site) if isinstance(node, ast.Return))
    frame = {key.value for key in told.keys} - {"acting"}
    assert "here" in frame
    again = [
        f"{name}: {key.value}"
        for name, tree in modules().items()
        if "views" in name
        for node in nodes(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and key.value in frame
    ]
    assert again == []
