"""Articles in: files of several formats, each read into Articles.

files(root)   the files below a folder that can be read
read(path)    the articles of one file
read_page(…)  the articles of what was fetched from the web
READERS       format -> the function that reads it
"""

from .formats import ENDINGS, READERS
from .source import read, read_page
from .walk import files

__all__ = ["ENDINGS", "READERS", "VERSION", "files", "read", "read_page"]

VERSION = 4
"""To be raised whenever the same bytes are read differently, so that builds read all files again."""
