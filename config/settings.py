"""Every setting, read from the environment; docs/operations.md lists the variables."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext

from config import environment, queues
from config.desk.appearance import UNFOLD as UNFOLD
from config.schedule import SCHEDULE
from kernel import clock

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# Where it runs: production unless said otherwise, so that nothing unsafe happens by forgetting.

if os.environ.get("MAKEGOOD_ENV") != "test":
    environment.read_file(environment.path("MAKEGOOD_DATA", BASE_DIR / ".data") / "environment")
DATA_DIR = environment.path("MAKEGOOD_DATA", BASE_DIR / ".data")

MAKEGOOD_ENV = environment.choice("MAKEGOOD_ENV", ("production", "demo", "test"), "production")
MAKEGOOD_URL = environment.site("MAKEGOOD_URL", "http://127.0.0.1:8000")
PRODUCTION = MAKEGOOD_ENV == "production"
TESTING = MAKEGOOD_ENV == "test"
ENCRYPTED = MAKEGOOD_URL.startswith("https://")

if not PRODUCTION:
    clock.allow_moving()
elif os.environ.get(clock.VARIABLE):
    raise environment.SettingRefused(clock.VARIABLE, os.environ[clock.VARIABLE], "only demo and test move the clock")

DEBUG = False
# Empty is refused by Django at first use, and by config.wsgi and config.celery before that.
SECRET_KEY = environment.text("SECRET_KEY", "a key for tests only, never a secret anywhere" if TESTING else "")
SITE_HOST = urlsplit(MAKEGOOD_URL).hostname or ""
ALLOWED_HOSTS = environment.hosts("MAKEGOOD_HOSTS", SITE_HOST)

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "portal",  # before allauth, whose pages it dresses
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "eventstore",
    "agreements",
    "customers",
    "deadlines",
    "uptime",
    "claims",
    "notices",
    "workflows",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.content_policy.content_policy",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],  # before the admin's, which they extend
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.moved_clock",
            ],
        },
    },
]

# PostgreSQL: the application's restricted login, and the owner for what nobody serves people with: migrations, grants,
# a restored log, and the ledger's lines in a replay.
# A long transaction holds every reader of the log, so the server ends it (docs/operations.md).

NO_DATABASE = "postgresql:///makegood?host=/DATABASE_URL-is-not-set"
DATABASES = {
    "default": environment.database(
        "DATABASE_URL",
        NO_DATABASE,
        options={
            "statement_timeout": environment.text("MAKEGOOD_STATEMENT_TIMEOUT", "60s"),
            "idle_in_transaction_session_timeout": "30s",
            "lock_timeout": "15s",
        },
    )
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True},
    "owner": environment.database(
        "DATABASE_OWNER_URL",
        environment.text("DATABASE_URL", NO_DATABASE),
        options={"idle_in_transaction_session_timeout": "10min", "lock_timeout": "60s"},
    ),
}

# Redis carries work and the cache; it may be flushed at any moment.

REDIS_URL = environment.text("REDIS_URL", "memory://" if TESTING else "unix:///REDIS_URL-is-not-set")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if TESTING
    else {
        "BACKEND": "config.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "makegood",
        "OPTIONS": {"socket_timeout": 5},  # a page waits for it
    },
}

CELERY_BROKER_URL = environment.broker("REDIS_URL", REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "socket_keepalive": True,
    # A nudge that finds no Redis gives up at once (else 6 seconds each): the sweep is the promise.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.05,
    "interval_max": 0.1,
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = queues.DUE
CELERY_TASK_QUEUES = queues.QUEUES
CELERY_TASK_ROUTES = queues.ROUTES
CELERY_TASK_TIME_LIMIT = 840
CELERY_TASK_SOFT_TIME_LIMIT = 780
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = environment.whole("MAKEGOOD_WORKERS", 2, least=1, most=64)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: its last ticks are worth no file
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

# People sign in with a mail address and a password of their own; nobody signs up uninvited.

AUTH_USER_MODEL = "customers.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "notices.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else anybody could have us write to anybody
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Makegood] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENCRYPTED else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole("MAKEGOOD_PROXIES", 0, least=0, most=9)
MFA_TOTP_ISSUER = "Makegood"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# What travels is encrypted wherever the address says https.

SECURE_SSL_REDIRECT = ENCRYPTED
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENCRYPTED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENCRYPTED
SECURE_HSTS_PRELOAD = ENCRYPTED
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = ENCRYPTED
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SECURE = ENCRYPTED
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [MAKEGOOD_URL]
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.path("MAKEGOOD_STATIC", BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = TESTING
WHITENOISE_USE_FINDERS = TESTING
# Evidence lies outside anything that a web server serves; only views that check its owner read it.
MEDIA_ROOT = environment.path("MAKEGOOD_FILES", DATA_DIR / "files")
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

MAKEGOOD_EVIDENCE_BYTES = environment.whole("MAKEGOOD_EVIDENCE_BYTES", 10_000_000, least=1_000, most=100_000_000)

# Above this amount, in the agreement's currency, one person prepares a credit and another approves it.
MAKEGOOD_SECOND_PERSON_ABOVE = environment.amount("MAKEGOOD_SECOND_PERSON_ABOVE")

# Mail leaves by EMAIL_URL; a demo without one writes each mail into a file.

EMAIL_TIMEOUT = 15
if not PRODUCTION and not environment.text("EMAIL_URL", ""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = environment.path("MAKEGOOD_MAIL", DATA_DIR / "mail")
else:
    globals().update(environment.mail("EMAIL_URL", "smtp://127.0.0.1:25"))
DEFAULT_FROM_EMAIL = environment.text(
    "MAKEGOOD_MAIL_FROM", f"makegood@{'localhost' if ':' in SITE_HOST else SITE_HOST}"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# The API: programs sign in by key only, and every answer is JSON.

MAKEGOOD_API_PER_MINUTE = environment.whole("MAKEGOOD_API_PER_MINUTE", 600, least=1, most=1_000_000)
MAKEGOOD_API_ANSWERS_DAYS = environment.whole("MAKEGOOD_API_ANSWERS_DAYS", 30, least=1, most=3_650)
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "EXCEPTION_HANDLER": "config.api.problem_details",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Makegood",
    "DESCRIPTION": "Months, statements, claims and credit under a service level agreement; docs/api.md is a guide.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["customers.api.schema.exactly"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.text("MAKEGOOD_LOG_LEVEL", "INFO").upper()},
}
