import subprocess
import sys

from index import readers


def test_the_public_names() -> None:
    assert sorted(readers.__all__) == ["ENDINGS", "READERS", "VERSION", "files", "read", "read_page"]


def test_importing_the_readers_does_not_import_the_heavy_packages() -> None:
    heavy = ("trafilatura", "lxml", "charset_normalizer", "pypdfium2", "feedparser")
    script = f"import sys, index.readers; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
