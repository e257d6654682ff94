"""The library page as HTML: figures, a plot, what failed, and the list of articles.

All of it is made here, and works without a script but for adding and removing; `static/library.js` puts a new
`overview` and `list` in place of the old ones where something was chosen, or where the library has changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode

from pydantic import BaseModel

from index import Failed, Info, Listed
from index.days import readable
from ui.html import as_html, page
from ui.listing import select
from ui.plot import by_time, svg, unit_of
from ui.render import address_of
from ui.scope import day_of

PER_PAGE = 50
STATUSES = {"": "All articles", "copies": "Duplicates", "stale": "Stale", "failed": "Failed sources"}
SORTS = {"title": "Title", "site": "Site", "published": "Published", "passages": "Passages"}

HEAD = """<link rel="stylesheet" href="byline/panels.css">
<link rel="stylesheet" href="byline/library.css">
<script src="byline/id.js"></script>
<script type="module" src="byline/library.js"></script>
"""

ADD = """<section class="add" aria-labelledby="add-title">
<h2 id="add-title">Add articles</h2>
<form id="add">
<label class="drop" id="drop"><span><strong>Drop files here</strong>, or choose them</span>
<input type="file" id="files" multiple>
<span class="hint">Text, Markdown, HTML, PDF, DOCX, EPUB, e-mail, JSON Lines, feeds, ZIP</span></label>
<label for="addresses">Addresses of pages, feeds or sitemaps, one a line</label>
<textarea id="addresses" rows="3" spellcheck="false" placeholder="https://example.org/feed.xml"></textarea>
<p class="buttons"><button type="submit">Add</button>
<button type="button" id="rebuild" class="plain">Rebuild from all sources</button></p>
</form>
<div id="work" role="status" hidden></div>
</section>
"""


class View(BaseModel):
    """Which articles are looked at, and in which order, as the page's address says it. `part` is asked for by
    the script: only the holdings."""

    match: str = ""
    site: str = ""
    since: str = ""
    until: str = ""
    status: str = ""
    sort: str = "published"
    reverse: bool = True
    page: int = 1
    part: bool = False

    def address(self, **changes: object) -> str:
        values = self.model_dump(exclude={"part"}) | {"page": 1} | changes
        values["reverse"] = int(bool(values["reverse"]))
        return "library?" + urlencode({name: value for name, value in values.items() if value != ""})


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is: `problem` says why nothing can be shown, where that is so."""

    rows: Sequence[Listed] = ()
    failed: Sequence[Failed] = ()
    info: Info | None = None
    problem: str = ""


def library_page(held: Holdings, view: View, *, can_add: bool) -> str:
    parts = ["<h1>Library</h1>", ADD if can_add else "", holdings(held, view)]
    return page("Library", "\n".join(parts), kind="library-page", head=HEAD)


def holdings(held: Holdings, view: View) -> str:
    """What changes with the library, and with what is chosen."""
    if held.problem:
        return (
            f'<div id="holdings"><p class="notice">{as_html(held.problem)}</p>{_failures(held.failed)}</div>'
        )
    chosen = select(
        held.rows,
        sort=view.sort if view.sort in SORTS else "published",
        reverse=view.reverse,
        site=view.site or None,
        match=view.match or None,
        since=_time(view.since),
        until=_time(view.until),
        stale=view.status == "stale",
        copies=view.status == "copies",
    )
    listed = _failures(held.failed, always=True) if view.status == "failed" else _articles(held, chosen, view)
    failures = "" if view.status == "failed" else _failures(held.failed)
    return (
        f'<div id="holdings"><div id="overview">{_figures(held)}{_plot(held.rows)}{failures}</div>'
        f'<section aria-labelledby="articles"><h2 id="articles">Articles</h2>'
        f'{_form(held.rows, view)}<div id="list">{listed}</div></section></div>'
    )


def _figures(held: Holdings) -> str:
    rows = held.rows
    figures = [
        ("articles", len(rows)),
        ("passages", sum(row.passages for row in rows)),
        ("sites", len({row.site for row in rows if row.site})),
        ("duplicates", sum(row.copy_of is not None for row in rows)),
        ("stale", sum(row.stale for row in rows)),
        ("failed sources", len(held.failed)),
    ]
    shown = "".join(f"<div><dt>{name}</dt><dd>{number:,}</dd></div>" for name, number in figures)
    built = ""
    if held.info is not None:
        made = datetime.fromisoformat(held.info.created)
        built = f'<p class="quiet">Last changed {readable(made.date())}, {made:%H:%M} UTC</p>'
    return f'<section aria-label="Figures"><dl class="figures">{shown}</dl>{built}</section>'


def _plot(rows: Sequence[Listed]) -> str:
    bars = by_time(row.published for row in rows)
    if not bars:
        return ""
    undated = sum(row.published is None for row in rows)
    aside = f' <span class="quiet">({undated:,} without a date)</span>' if undated else ""
    table = "".join(f"<tr><th scope=row>{name}</th><td>{count:,}</td></tr>" for name, count in bars if count)
    return (
        f"<figure><figcaption>Articles by {unit_of(bars)}{aside}</figcaption>{svg(bars)}"
        f"<details><summary>As a table</summary><table><thead><tr><th scope=col>Time</th>"
        f"<th scope=col>Articles</th></tr></thead><tbody>{table}</tbody></table></details></figure>"
    )


def _failures(failed: Sequence[Failed], *, always: bool = False) -> str:
    if not failed:
        return "<p>Every source could be read.</p>" if always else ""
    lines = "".join(
        f"<tr><td>{as_html(each.source)}</td><td>{as_html(each.reason)}</td>"
        f"<td>{readable(datetime.fromisoformat(each.at).date())}</td></tr>"
        for each in failed
    )
    return (
        '<section class="failed" aria-labelledby="failed-title"><h2 id="failed-title">Could not be read</h2>'
        '<div class="wide" role="region" aria-labelledby="failed-title" tabindex="0"><table><thead><tr>'
        "<th scope=col>Source</th><th scope=col>Reason</th><th scope=col>Tried</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></div></section>"
    )


def _form(rows: Sequence[Listed], view: View) -> str:
    sites = sorted({row.site for row in rows if row.site}, key=str.casefold)
    return (
        '<form id="choose" action="library" method="get" role="search" aria-label="Articles">'
        f'<label>Search<input type="search" name="match" value="{as_html(view.match)}"></label>'
        f"<label>Site{_select('site', {'': 'All sites'} | {site: site for site in sites}, view.site)}</label>"
        f'<label>Since<input type="date" name="since" value="{as_html(view.since)}"></label>'
        f'<label>Until<input type="date" name="until" value="{as_html(view.until)}"></label>'
        f"<label>Status{_select('status', STATUSES, view.status)}</label>"
        f'<input type="hidden" name="sort" value="{as_html(view.sort)}">'
        f'<input type="hidden" name="reverse" value="{int(view.reverse)}">'
        '<button type="submit" class="plain">Show</button></form>'
    )


def _select(name: str, options: dict[str, str], chosen: str) -> str:
    lines = "".join(
        f'<option value="{as_html(value)}"{" selected" if value == chosen else ""}>{as_html(label)}</option>'
        for value, label in options.items()
    )
    return f'<select name="{name}">{lines}</select>'


def _articles(held: Holdings, chosen: Sequence[Listed], view: View) -> str:
    if not chosen:
        return '<p class="none">No such article.</p>' if held.rows else '<p class="none">Nothing yet.</p>'
    pages = -(-len(chosen) // PER_PAGE)
    number = min(max(view.page, 1), pages)
    rows = chosen[(number - 1) * PER_PAGE : number * PER_PAGE]
    reasons = {each.source: each.reason for each in held.failed}
    titles = {row.id: row.title for row in held.rows}
    copies: dict[str, int] = {}
    for row in held.rows:
        if row.copy_of:
            copies[row.copy_of] = copies.get(row.copy_of, 0) + 1
    heads = "".join(_head(name, label, view) for name, label in SORTS.items())
    lines = "".join(_line(row, reasons, titles, copies) for row in rows)
    counted = "1 article" if len(chosen) == 1 else f"{len(chosen):,} articles"
    return (
        f'<p class="counted" role="status">{counted}</p>'
        '<div class="wide" role="region" aria-label="List of articles" tabindex="0"><table class="articles">'
        '<thead><tr><th scope=col><input type="checkbox" id="every" aria-label="Choose all shown"></th>'
        f"{heads}</tr></thead><tbody>{lines}</tbody></table></div>{_pager(view, number, pages)}"
        '<div id="chosen" hidden><span id="chosen-count" role="status"></span>'
        '<button type="button" id="ask-chosen">Ask about these</button>'
        '<button type="button" id="remove-chosen" class="plain">Remove…</button></div>'
    )


def _head(name: str, label: str, view: View) -> str:
    sorted_by = view.sort == name
    order = f' aria-sort="{"descending" if view.reverse else "ascending"}"' if sorted_by else ""
    arrow = f'<span aria-hidden="true"> {"↓" if view.reverse else "↑"}</span>' if sorted_by else ""
    reverse = not view.reverse if sorted_by else name in ("published", "passages")
    link = as_html(view.address(sort=name, reverse=reverse))
    return f'<th scope=col{order}><a href="{link}">{label}{arrow}</a></th>'


def _line(row: Listed, reasons: dict[str, str], titles: dict[str, str], copies: dict[str, int]) -> str:
    title = as_html(row.title) or "Untitled"
    notes = "".join(_notes(row, reasons, titles, copies))
    cells = [
        f'<input type="checkbox" name="chosen" value="{as_html(row.id)}" aria-label="Choose {title}">',
        f'<a href="{as_html(address_of(row.id))}" dir="auto">{title}</a>{notes}',
        as_html(row.site or ""),
        f"<time>{readable(row.published)}</time>" if row.published else "",
        f"{row.passages:,}",
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _notes(
    row: Listed, reasons: dict[str, str], titles: dict[str, str], copies: dict[str, int]
) -> Iterator[str]:
    """Below the title: who wrote it, and what is out of the ordinary."""
    if row.authors:
        yield f'<span class="quiet">{as_html(", ".join(row.authors))}</span>'
    if row.copy_of:
        yield f'<span class="flag">Copy of “{as_html(titles.get(row.copy_of, row.copy_of))}”</span>'
    if number := copies.get(row.id):
        yield f'<span class="flag">{"1 copy" if number == 1 else f"{number:,} copies"}</span>'
    if row.stale:
        why = reasons.get(row.source, "its source could not be read again")
        yield f'<span class="flag">Stale: {as_html(why)}</span>'


def _pager(view: View, number: int, pages: int) -> str:
    if pages == 1:
        return ""
    links = [f"Page {number:,} of {pages:,}"]
    if number > 1:
        links.insert(0, f'<a rel="prev" href="{as_html(view.address(page=number - 1))}">Previous</a>')
    if number < pages:
        links.append(f'<a rel="next" href="{as_html(view.address(page=number + 1))}">Next</a>')
    return f'<nav class="pager" aria-label="Pages">{"".join(f"<span>{link}</span>" for link in links)}</nav>'


def _time(text: str) -> datetime | None:
    day: date | None = day_of(text)
    return None if day is None else datetime.combine(day, time())
