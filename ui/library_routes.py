"""Routes of the library: its page, its state, what is added to it and taken out of it."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field

from index import Listed, failures
from index.errors import BylineError, LibraryBusy, LibraryNotFound
from index.pages import is_web
from ui.library import Library
from ui.library_page import Holdings, View, holdings, library_page
from ui.listing import select
from ui.uploads import FOLDER, Refused, is_added, keep
from ui.works import Works

NOT_KEPT = {"Cache-Control": "no-store"}
MOST_ADDRESSES = 100
MOST_FOUND = 50
"""Articles in a list to choose from; a search finds the others."""

EMPTY = "No articles yet. Add some here, or with: byline index build FOLDER"


class Order(BaseModel):
    """What to build: the addresses, and the files that were `added`; nothing stands for all of before."""

    addresses: list[str] = Field(default=[], max_length=MOST_ADDRESSES)
    added: bool = False


class Ids(BaseModel):
    ids: list[str] = Field(min_length=1, max_length=10_000)


def library_routes(library: Library, home: Path | None, works: Works | None) -> APIRouter:
    """Where there is no `home`, nothing can be added."""
    routes = APIRouter()

    def held() -> Holdings:
        failed = failures(home) if home else []
        try:
            library.open()
            index = library.opened().index
            return Holdings(index.listing(), failed, index.info())
        except LibraryNotFound:
            return Holdings(failed=failed, problem=EMPTY)
        except BylineError as error:
            return Holdings(failed=failed, problem=str(error))

    @routes.get("/library")
    async def shown(view: Annotated[View, Query()]) -> HTMLResponse:
        await _settled(library)
        found = await asyncio.to_thread(held)
        content = holdings(found, view) if view.part else library_page(found, view, can_add=works is not None)
        return HTMLResponse(content, headers=NOT_KEPT)

    @routes.get("/library/state")
    def state() -> JSONResponse:
        """How many articles there are, what there is to be said of it, and the work under way."""
        library.open()
        found: dict[str, Any] = {"articles": None, "work": works.state() if works else None}
        try:
            info = library.opened().index.info()
            found |= {"articles": info.articles, "generation": info.generation}
        except LibraryNotFound:
            found |= {"articles": 0}
        except BylineError as error:
            found |= {"problem": "" if library.is_opening else str(error)}
        return JSONResponse(found, headers=NOT_KEPT)

    @routes.get("/library/sites")
    def sites() -> JSONResponse:
        """Site -> number of its articles."""
        counts: dict[str, int] = {}
        for row in held().rows:
            if row.site:
                counts[row.site] = counts.get(row.site, 0) + 1
        return JSONResponse(dict(sorted(counts.items(), key=lambda each: each[0].casefold())))

    @routes.get("/library/articles")
    def articles(match: str = "", id: Annotated[list[str] | None, Query()] = None) -> JSONResponse:
        """Those of these ids, or else the first of those that `match`."""
        rows = held().rows
        found = [row for row in rows if row.id in set(id)] if id else select(rows, match=match or None)
        return JSONResponse([_choice(row) for row in found[: len(id) if id else MOST_FOUND]])

    if home is None or works is None:
        return routes

    @routes.put("/library/files/{name:path}")
    async def add(name: str, request: Request) -> JSONResponse:
        """One file; it is read by the next build of what was `added`."""
        try:
            place = await keep(home, name, request.stream())
        except Refused as error:
            raise HTTPException(422, str(error)) from None
        except OSError as error:
            raise HTTPException(507, f"{name} cannot be kept: {error.strerror}.") from None
        return JSONResponse({"name": place.name}, 201)

    @routes.post("/library/builds")
    def build(order: Order) -> JSONResponse:
        addresses = [address.strip() for address in order.addresses if address.strip()]
        for address in addresses:
            if not is_web(address):
                raise HTTPException(
                    422, f"{address[:200]!r} is no address of the web: it begins with https://."
                )
        roots = [*([str(home / FOLDER)] if order.added else []), *addresses]
        return _begun(works, "Adding articles" if roots else "Rebuilding", build=roots)

    @routes.post("/library/removals")
    def remove(chosen: Ids) -> JSONResponse:
        """Files that were added go themselves, once nothing of them is to stay; others are only taken out."""
        rows = {row.id: row for row in held().rows}
        missing = [id for id in chosen.ids if id not in rows]
        if missing:
            raise HTTPException(404, f"There is no article {missing[0][:200]!r} any more.")
        gone = set(chosen.ids)
        stay = {row.source for row in rows.values() if row.id not in gone}
        sources = {rows[id].source for id in gone}
        files = [source for source in sources if is_added(home, source) and source not in stay]
        ids = [id for id in chosen.ids if rows[id].source not in files]
        doing = "Removing 1 article" if len(gone) == 1 else f"Removing {len(gone):,} articles"
        return _begun(works, doing, remove=ids, unlink=files, build=[str(home / FOLDER)] if files else None)

    return routes


def _begun(works: Works, doing: str, **order: Any) -> JSONResponse:
    try:
        works.begin(doing, **order)
    except LibraryBusy as error:
        raise HTTPException(409, str(error)) from None
    return JSONResponse(works.state(), 202)


async def _settled(library: Library) -> None:
    """Waits until it is known whether the library can be opened."""
    try:
        await library.ready()
    except BylineError:
        pass


def _choice(row: Listed) -> dict[str, str]:
    kept = asdict(row)
    return {name: str(kept[name] or "") for name in ("id", "title", "site", "published")}
