"""Settings on one page: read from the environment, safe when it is empty (.env.example lists them)."""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.database.sqlite3.log import PAGES
from config.ways_in import store, ways_in
from config.ways_out import ways_out

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TESTING = "pytest" in sys.modules
DEBUG = env.bool("CHENGNUO_DEBUG", default=False)
DEMO = env.bool("CHENGNUO_DEMO", default=False)

VAR_DIR = Path(env("CHENGNUO_VAR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The signing key: given, or the one that set-up wrote once; never a constant in the code."""
    kept = VAR_DIR / "secret_key"
    key = env("CHENGNUO_SECRET_KEY", default="") or (
        kept.read_text().strip() if kept.exists() else ""
    )
    if not key and not TESTING:
        message = "CHENGNUO_SECRET_KEY is not set and var/secret_key is missing: run `make setup`."
        raise ImproperlyConfigured(message)
    return key or "only-for-the-test-suite-0123456789-abcdefghijklmnopqrstuvwxyz"


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("CHENGNUO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HALL_ADDRESSES = env.list("CHENGNUO_HALL_ADDRESSES", default=[])  # touch screens: everybody's
CSRF_TRUSTED_ORIGINS = env.list("CHENGNUO_CSRF_ORIGINS", default=[])
SITE_URL = env(
    "CHENGNUO_SITE_URL", default=f"http://localhost:{env('PORT', default='8000')}"
).rstrip("/")
COUNTY_PACK = BASE_DIR / "counties" / env("CHENGNUO_COUNTY", default="zuoquan")
TICK_SECONDS = env.float("CHENGNUO_TICK_SECONDS", default=5.0)

INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "core.ledger",
    "core.documents",
    "core.notify",
    "core.deadlines",
    "core.steps",
    "approvals",
    *("prereview", "inspection", "public_notice", "desk"),
]

MIDDLEWARE = [
    "config.middleware.ArrivalMiddleware",  # first of all: the receipt time of an act is its request's arrival
    "config.headers.HeadersMiddleware",  # outside of everything: static files and errors pass through it too
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.PulseMiddleware",  # with every header, and before all that looks somebody up
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PageMethodsMiddleware",
    "config.only_read.OnlyReadMiddleware",  # before the session: nothing at all is written
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.TonguesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.LoginMiddleware",
    "config.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database() -> dict:
    """The database that DATABASE_URL names, opened as the work here wants it."""
    url = env("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL begins with sqlite:/// or postgres://")
    try:
        found = env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: in a password write / as %2F, @ as %40, : as %3A, # as %23"
        ) from error
    found["ENGINE"] = f"config.database.{found['ENGINE'].rpartition('.')[2]}"
    if not found["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgres://user:…@host/name")
    if found["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE locks at the start: two writers queue. FULL outlives a power cut. Recursive triggers let the
        # append-only ones see INSERT OR REPLACE. After PAGES of log who commits copies them.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "cached_statements": 4096 if TESTING else 512,  # planned once
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint={PAGES};"
            " PRAGMA recursive_triggers=ON;",
        }
        # Kept open by a thread for a minute: to read its many tables costs 10 ms. TEST is said for an engine of ours.
        return found | {"CONN_MAX_AGE": 60, "TEST": {"NAME": ":memory:"}}
    # A request borrows a connection from its process's pool; one that the server has dropped is noticed and replaced.
    most = env.int("CHENGNUO_DB_POOL", default=10)
    pool = {"min_size": 1, "max_size": most, "timeout": 10} if most else False
    # What is asked again and again is planned once; behind PgBouncer, which may change the server, each time anew.
    asked = {"server_side_binding": True, "prepare_threshold": 2 if most else None}
    options = {"connect_timeout": 10, **asked, **found.get("OPTIONS", {}), "pool": pool}
    return found | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# One shared cache, so that limits on guessing hold across processes, and nobody pushes a count out of it.
MEMORY = "django.core.cache.backends.locmem.LocMemCache"
SHARED = MEMORY if TESTING else "django.core.cache.backends.db.DatabaseCache"
CACHES: dict[str, dict] = {
    "default": {"BACKEND": SHARED, "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 50_000}},
    # Rooms, open data and figures as last made, kept by each process for itself: whoever looks writes nothing.
    "rooms": {"BACKEND": MEMORY, "LOCATION": "rooms"},
    "open": {"BACKEND": MEMORY, "LOCATION": "open", "OPTIONS": {"MAX_ENTRIES": 60}},
}
# Seconds for which a process answers from what it knows: a room's acts; the register's years, towns, offices; county.
PULSE_KEPT, FACETS_KEPT = (0, 0) if TESTING else (0.15, 60)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_FORMS: dict[str, str] = {}
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # see SECURE_SSL_REDIRECT
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLED = not TESTING or env.bool("CHENGNUO_TEST_AXES", default=False)
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
FONTS_DIR = VAR_DIR / "fonts"
CHENGNUO_FONTS_DIR = FONTS_DIR
STORAGES = {
    "default": store(env, flush=not TESTING),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files are for our pages
# How files come in: docs/operations/files.md.
vars().update(ways_in(env, VAR_DIR))
# Mail, digests, quiet hours, the gateway, signatures: docs/operations/messages.md, signing.md.
vars().update(ways_out(env, SITE_URL, VAR_DIR / f"checkpoint_key{'.of_tests' * TESTING}"))

CSRF_FAILURE_VIEW = "config.refusals.forged"
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = (
    True  # no script reads one
)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # TLS ends at the reverse proxy of the county
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
# Believed only where the county says that a proxy with TLS stands in front.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "upgrade-insecure-requests": HTTPS,
    },
}

# — the API ————————————————————————————————————————————————————————————————————
API_MOST_BYTES = 1 << 20
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # core.steps.api.Endpoint says who is asked
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "core.steps.api.problems.answer_no",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"objections": "60/hour", "trial": "600/hour"},
    "URL_FORMAT_OVERRIDE": None,
}
SCHEMA_HOOKS = ["core.steps.api.schema.without_the_engine", "public_notice.api.open_data.described"]
SPECTACULAR_SETTINGS = {
    "TITLE": _("承诺通 API"),
    "VERSION": "1",
    "DESCRIPTION": _(
        "县里先建后验承诺制的全部环节和清单；与网页同一套办理。答复默认中文，请求头 Accept-Language: en 时为英文。"
    ),
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Choices stand where they are used: no name of theirs can collide.
    "POSTPROCESSING_HOOKS": SCHEMA_HOOKS,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENABLE_LIST_MECHANICS_ON_NON_2XX": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"chengnuo": {"level": "INFO"}},
}
