"""Fields are drawn by flat templates of ours, as Django draws them by nested ones, whatever is in them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.test.html import parse_html

HARM = "\"><script>alert(1)</script>&'"
CHOICES = [("a", "甲"), ("b", HARM), ("组", [("c", "丙"), (HARM, "丁")]), (4, "四"), ("", "----")]
WIDGETS = [
    forms.RadioSelect(choices=CHOICES),
    forms.CheckboxSelectMultiple(choices=CHOICES, attrs={"class": HARM}),
    forms.TextInput(
        attrs={"maxlength": 12000, "required": True, "disabled": False, "data-a": HARM}
    ),
    forms.NumberInput(attrs={HARM: 1, "min": 1000.5}),
    forms.CheckboxInput(),
    forms.HiddenInput(),
    forms.FileInput(attrs={"multiple": False}),
]
VALUES = [None, "", "a", HARM, ["a", "c", HARM], 1234567, True]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("attrs", [None, {}, {"id": "id_x", "aria-describedby": "id_x_helptext"}])
def test_a_field_is_what_django_would_have_drawn(widget, attrs):
    for value in VALUES:
        ours, theirs = (
            widget.render("x", value, attrs, renderer=renderer)
            for renderer in (TemplatesSetting(), DjangoTemplates())
        )
        assert parse_html(ours) == parse_html(theirs)
        assert HARM not in ours
