"""An article of the library by what a program knows of it. Nothing else can be read: no path is opened."""

from index import Article, Index
from index.errors import ArticleNotFound

NAMED = 5
"""Articles of one title that an error names."""


def find(index: Index, name: str) -> Article:
    """The article with that id, that URL (its fragment does not count) or, whatever its case, that title.

    ArticleNotFound where there is none, or where several have the title.
    """
    try:
        return index.article(name)
    except ArticleNotFound:
        listed = index.listing()
    address, title = name.partition("#")[0], name.strip().casefold()
    by_url = [each.id for each in listed if each.url and each.url.partition("#")[0] == address]
    by_title = [each.id for each in listed if each.title.strip().casefold() == title]
    if by_url or len(by_title) == 1:
        return index.article((by_url or by_title)[0])
    if by_title:
        ids = ", ".join(map(repr, by_title[:NAMED]))
        raise ArticleNotFound(f"{len(by_title)} articles are called {name!r}.", f"Name one by its id: {ids}.")
    raise ArticleNotFound(
        f"There is no article with the id, URL or title {name[:200]!r}.",
        "A search names articles by their ids.",
    )
