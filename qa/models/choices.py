"""The models that can be chosen on this machine, for a person's list of them."""

import json
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.errors import SettingsError

from . import PROVIDERS, check_ready, key_of
from .privacy import statement, stays_here
from .types import Endpoint

if TYPE_CHECKING:
    from ..settings import Settings

_SECONDS = 1.0
"""A server on this machine that takes longer is not there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`llm` is a value for `Settings.llm`; "" is Byline without a model. `statement` says what leaves the
    machine where something does, else ""."""

    llm: str
    statement: str = ""


def choices(settings: "Settings") -> list[Choice]:
    """No model, the one in the settings, and those that are served on this machine now. Nothing else is
    asked, and a model whose packages or key are missing is no choice."""
    found = [Choice("")]
    configured = settings.endpoint
    if configured is not None and _ready(configured):
        found.append(Choice(settings.llm, statement(configured)))
    for provider in PROVIDERS:
        endpoint = replace(settings, llm=f"{provider}/-").endpoint
        if endpoint is not None and stays_here(endpoint) and _ready(endpoint):
            found += [Choice(f"{provider}/{model}") for model in _served(endpoint)]
    return list({choice.llm: choice for choice in reversed(found)}.values())[::-1]


def _ready(endpoint: Endpoint) -> bool:
    try:
        check_ready(endpoint)
    except SettingsError:
        return False
    return True


def _served(endpoint: Endpoint) -> Iterable[str]:
    """Names of models, as a server on this machine lists them; none where it does not."""
    path, field, name = (
        ("/api/tags", "models", "name") if endpoint.provider == "ollama" else ("/models", "data", "id")
    )
    request = urllib.request.Request(endpoint.url + path)
    if key := key_of(endpoint):
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:
            rows: Any = json.loads(response.read(1_000_000))
        return sorted(str(row[name]) for row in rows[field])
    except (OSError, ValueError, KeyError, TypeError):
        return []
