"""What looks like a secret: by the form of a text, or by the name of what holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

# Forms that issuers chose so that scanners can find them: a text that is in all of them, what a finding calls them, the form.
_FORMS = tuple(
    (hint, name, re.compile(form))
    for hint, name, form in (
        ("AKIA", "an AWS access key", r"(?<![A-Z0-9])AKIA[A-Z0-9]{16}(?![A-Z0-9])"),
        ("ASIA", "an AWS access key", r"(?<![A-Z0-9])ASIA[A-Z0-9]{16}(?![A-Z0-9])"),
        ("PRIVATE KEY-----", "a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
        ("gh", "a GitHub token", r"(?<!\w)gh[pousr]_[A-Za-z0-9]{20,}"),
        ("github_pat_", "a GitHub token", r"(?<!\w)github_pat_\w{22,}"),
        ("gl", "a GitLab token", r"(?<!\w)gl(?:pat|dt|rt|cbt|ptt|oas)-[\w-]{20,}"),
        ("sk-", "an API key for models", r"(?<![\w-])sk-(?:(?:ant|proj|live|svcacct)-[\w-]{16,}|[A-Za-z0-9]{20,})"),
        ("xox", "a Slack token", r"(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,}"),
        ("hooks.slack.com", "a Slack web hook", r"hooks\.slack\.com/services/T\w+/B\w+/\w+"),
        ("AIza", "a Google API key", r"(?<!\w)AIza[\w-]{35}"),
        ("hf_", "a Hugging Face token", r"(?<!\w)hf_[A-Za-z0-9]{20,}"),
        (".eyJ", "a JSON web token", r"(?<!\w)eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+"),
        ("://", "a password in an address", r"://[^/\s:@${}]+:(?!\$|\{\{)[^/\s:@${}]{3,}@"),
        ("ecret", "an AWS secret key", r"(?i:aws_?secret_?access_?key)\W{1,4}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"),
        ("SECRET", "an AWS secret key", r"AWS_?SECRET_?ACCESS_?KEY\W{1,4}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"),
    )
)
# An assignment in a script: quoted anywhere, or unquoted as a shell writes it, with a value that is written out.
_SUBJECT = r"(?i:password|passwd|pwd|secret(?:_?key)?|token|api_?key|access_?key)"
_ASSIGNED = re.compile(
    rf"{_SUBJECT}[\"']?\s*[=:]\s*(?P<quote>[\"'])(?![$<{{*])[^\s\"'${{}}/]{{6,}}(?P=quote)"
    rf"|(?:^|[\s;_-]){_SUBJECT}=(?![$<{{*])[\w!@#%^+-]{{6,}}(?=[\s;&]|$)",
    re.MULTILINE,
)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET = frozenset(
    {"password", "passwd", "pwd", "passphrase", "secret", "token", "credential", "credentials", "apikey"}
)
_PAIRS = frozenset(
    {("api", "key"), ("access", "key"), ("private", "key"), ("secret", "key"), ("account", "key"), ("signing", "key")}
)
_PAIRS_OF_URLS = frozenset({("connection", "string"), ("database", "url"), ("webhook", "url")})
# Last words of names that speak about a secret and do not hold it.
_ABOUT_WORDS = """
    arn name names id ids path prefix parameter param params url uri endpoint ttl type length limit limits count table
    bucket version stage region provider header enabled expiry seconds minutes hours days rotation manager store file
    policy scope scopes issuer audience alias ref reference location role lambda function field attribute validity
    units budget size max min duration algorithm source
"""
_ABOUT = frozenset(_ABOUT_WORDS.split())
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+")
_NO_VALUE = re.compile(r"(?i)true|false|none|null|enabled|disabled|required|optional|auto|bearer|\d+(?:\.\d+)?")


def forms_hinted_at(text: str) -> list[tuple[str, str, re.Pattern[str]]]:
    """Return the forms of secrets that a part of a text may have: all that others need not be looked for."""
    return [form for form in _FORMS if form[0] in text]


def form_of_secret(text: str, forms: Sequence[tuple[str, str, re.Pattern[str]]] = _FORMS) -> str | None:
    """Return what kind of secret a text holds by its form, such as "an AWS access key", or None.

    Args:
        text: a text of a template.
        forms: the forms that it may have, as `forms_hinted_at` returns them.
    """
    if len(text) < 16:
        return None
    for hint, name, form in forms:
        if hint in text and form.search(text):
            return name
    return None


def assigned_secret(script: str) -> bool:
    """Return whether a script or command line sets a password, token or key to a value that is written out."""
    return _ASSIGNED.search(script) is not None


@lru_cache(maxsize=8192)
def secret_name(name: str) -> bool:
    """Return whether what has this name is a secret: `DB_PASSWORD`, `apiKey`, but not `SecretArn` or `MAX_TOKENS`."""
    words = [each.lower() for each in _WORDS.findall(name)]
    if not words or words[-1] in _ABOUT or words[0] in {"max", "min", "num"}:
        return False
    pairs = list(pairwise(words))
    if words[-1] in {"pass", "pw"} or any(each in _PAIRS for each in pairs):
        return True
    return any(each in _SECRET for each in words) or any(each in _PAIRS_OF_URLS for each in pairs)


def literal_secret(value: object) -> bool:
    """Return whether a value under a secret's name is the secret itself, readable in the template.

    References and dynamic references to a secret are not; a switch, a number, an ARN or a path is not either.
    """
    if not isinstance(value, str):
        return False
    text = value.strip()
    if len(text) < 3 or "${" in text or text.startswith(("arn:", "/", "alias/", "http://", "https://", "s3://")):
        return False
    if text.startswith("{{resolve:"):
        return text.startswith("{{resolve:ssm:")  # a plain parameter; secretsmanager and ssm-secure keep secrets
    return _NO_VALUE.fullmatch(text) is None and _PATH.fullmatch(text) is None
