"""Text as HTML, and the frame of a page of our own."""

import re
from html import escape

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Byline</title>
<link rel="stylesheet" href="byline/article.css">
{head}<link rel="icon" href="byline/favicon.svg">
</head>
<body class="{kind}">
<nav><a href="./">Byline</a></nav>
<main>{content}</main>
</body>
</html>
"""


def as_html(text: str) -> str:
    """Text as HTML; a character that HTML cannot hold becomes one that says so."""
    return escape(UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def page(title: str, content: str, *, kind: str, head: str = "") -> str:
    """A whole page; `title` is text, the others are HTML."""
    return PAGE.format(title=as_html(title), content=content, kind=kind, head=head)
