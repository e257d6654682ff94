"""Settings of the index, and how any settings object is filled: argument > environment > file > default.

`byline.toml` is looked for in the working directory, then in the user's configuration folder;
`BYLINE_CONFIG` names another one. Reading settings never loads a model.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from .errors import SettingsError

APP = "byline"
BUNDLED_ENCODER = "all-MiniLM-L6-v2"

SettingsT = TypeVar("SettingsT")


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How articles are cut and encoded. Changing any of them rebuilds the index at the next build."""

    encoder: str = BUNDLED_ENCODER
    """The bundled model, or a sentence-transformers model: a folder, or a name that is on this machine."""
    passage_tokens: int = 225
    """A passage's length at most, in the encoder's word pieces; title, date and markers come on top."""
    threads: int = 0
    """Threads for encoding; 0 leaves one for each core."""

    def __post_init__(self) -> None:
        if not 16 <= self.passage_tokens <= 2000:
            raise SettingsError(f"passage_tokens is {self.passage_tokens!r}; it must be from 16 to 2000.")
        if self.threads < 0:
            raise SettingsError(f"threads is {self.threads!r}; it must be 0 or more.")


def default_library() -> Path:
    """`BYLINE_LIBRARY`, else `library/` in the user's data folder."""
    named = os.environ.get("BYLINE_LIBRARY")
    return Path(named) if named else Path(platformdirs.user_data_dir(APP)) / "library"


def load(cls: type[SettingsT], section: str, **given: Any) -> SettingsT:
    """`cls` filled from `given` (None means not given), `BYLINE_<FIELD>`, `[section]` of byline.toml.

    SettingsError where a value does not have its field's type, naming where the value came from.
    """
    table, file = _config_table(section)
    values: dict[str, Any] = {}
    settable = [field for field in fields(cls) if field.default is not MISSING]  # type: ignore[arg-type]
    for field in settable:
        variable = f"BYLINE_{field.name.upper()}"
        if given.get(field.name) is not None:
            values[field.name] = given[field.name]
        elif variable in os.environ:
            values[field.name] = _typed(field.default, os.environ[variable], f"{variable} in the environment")
        elif field.name in table:
            values[field.name] = _typed(field.default, table[field.name], f"{section}.{field.name} in {file}")
    unknown = sorted(set(table) - {field.name for field in settable})
    if unknown:
        raise SettingsError(f"{file} has no setting {section}.{unknown[0]}; remove or correct that line.")
    return cls(**values)


def _config_table(section: str) -> tuple[Mapping[str, Any], Path | None]:
    """The `[section]` of the first byline.toml there is, and that file's path."""
    named = os.environ.get("BYLINE_CONFIG")
    places = (
        [Path(named)]
        if named
        else [Path("byline.toml"), Path(platformdirs.user_config_dir(APP)) / "byline.toml"]
    )
    for path in places:
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            if named:
                raise SettingsError(f"BYLINE_CONFIG names {named!r}, which does not exist.") from None
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{path} cannot be read as TOML: {error}.") from None
        table = tables.get(section, {})
        if not isinstance(table, dict):
            raise SettingsError(f"{section} in {path} is {table!r}; it must be a table, [{section}].")
        return table, path
    return {}, None


def _typed(default: Any, value: Any, where: str) -> Any:
    """`value` as the type of `default`; text from the environment is converted."""
    kind = type(default)
    try:
        if isinstance(value, str):
            return kind(value)
        if isinstance(value, kind) and not isinstance(value, bool):
            return value
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
    except ValueError:
        pass
    raise SettingsError(f"{where} is {value!r}; it must be a value like {default!r}.")
