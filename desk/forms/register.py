"""Registration of an enterprise with its 统一社会信用代码."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rules import Uscc, check_uscc
from accounts.stages import Kind

_PHONE = RegexValidator(
    r"^[0-9+\-() ]{5,40}$", _("联系电话只含数字、加号、横线、括号和空格，至少5位")
)


class RegisterForm(forms.Form):
    """A code that fails its check digit is asked about once more and then taken, with a note for the window."""

    name = forms.CharField(label=_("企业名称"), max_length=120, help_text=_("与营业执照一致"))
    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, help_text=_("营业执照上的18位代码")
    )
    uscc_confirmed = forms.MultipleChoiceField(
        label=_("再核对一遍"), required=False, widget=forms.CheckboxSelectMultiple
    )
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=60)
    person = forms.CharField(label=_("经办人姓名"), max_length=60)
    phone = forms.CharField(label=_("联系电话"), max_length=40, validators=[_PHONE])
    email = forms.EmailField(label=_("电子邮箱"), required=False, max_length=254)
    username = forms.CharField(
        label=_("账号"),
        max_length=60,
        help_text=_("登录时使用，可用字母、数字和 @ . + - _"),
        validators=[User.username_validator],
    )
    password1 = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少8位，不能全是数字，也不要用常见的密码"),
    )
    password2 = forms.CharField(
        label=_("再输一次密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code: Uscc | None = check_uscc(self.data.get("uscc", "")) if self.is_bound else None
        if self.code is not None and self.code.verdict == "warn":
            # The box holds the very code it confirms: another wrong code is asked about again.
            box = self.fields["uscc_confirmed"]
            box.choices = [(self.code.normalised, _confirmation(self.code.normalised))]  # type: ignore[attr-defined]
            box.error_messages["invalid_choice"] = _ask(self.code.reason)
        else:
            del self.fields["uscc_confirmed"]

    def clean_uscc(self) -> str:
        """Refuse what is no code, and one that is registered already."""
        code = check_uscc(self.cleaned_data["uscc"])
        if code.verdict == "invalid":
            raise ValidationError(code.reason)
        known = Organisation.objects.filter(kind=Kind.ENTERPRISE, uscc=code.normalised).first()
        if known is not None and not known.memberships.exists():
            # It filed on paper. An account would open that file to whoever knows the code: the county gives it.
            raise ValidationError(
                _(
                    "该企业在窗口办过纸质申报，还没有账户：请带营业执照到政务大厅窗口，由县管理员开通。"
                )
            )
        if known is not None:
            raise ValidationError(_("该统一社会信用代码已注册，请由本单位已有账户办理。"))
        return code.normalised

    def clean_uscc_confirmed(self) -> list[str]:
        """Ask again, once, about a code that fails its check digit."""
        confirmed: list[str] = self.cleaned_data["uscc_confirmed"]
        if not confirmed and self.code is not None:
            raise ValidationError(_ask(self.code.reason))
        return confirmed

    def clean_username(self) -> str:
        """Refuse a name somebody has, whatever its capitals: the login does not tell them apart."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("这个账号已有人使用，请换一个。"))
        return username

    def clean(self) -> dict[str, Any]:
        """Hold the two passwords against each other and against the rules for passwords."""
        given = super().clean() or {}
        password = given.get("password1")
        if password and given.get("password2") and password != given["password2"]:
            self.add_error("password2", _("两次输入的密码不一致"))
        elif password:
            person = User(username=given.get("username", ""), email=given.get("email", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return given

    def registration(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        return {
            "uscc": given["uscc"],
            "name": given["name"],
            "person": {
                "username": given["username"],
                "name": given["person"],
                "phone": given["phone"],
                "email": given["email"],
                "legal_representative": given["legal_representative"],
            },
            "password": given["password1"],
        }


def _ask(reason: str) -> str:
    return gettext("%(reason)s。确实无误的，勾选后再提交，窗口将核对营业执照。") % {
        "reason": reason
    }


def _confirmation(code: str) -> str:
    return gettext("已对照营业执照核对，代码确为 %(code)s") % {"code": code}
