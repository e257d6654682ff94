"""PDFs made for the tests: text set line by line, where the test wants it."""

import io
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4


class Pdf:
    """A document in the making; places are in points, from the top left of an A4 page."""

    def __init__(self, **options: Any) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=A4, invariant=True, **options)

    def line(self, text: str, x: float, y: float, size: float = 11) -> "Pdf":
        self.canvas.setFont("Times-Roman", size)
        self.canvas.drawString(x, HEIGHT - y, text)
        return self

    def lines(self, text: str, x: float, y: float, size: float = 11) -> "Pdf":
        for number, line in enumerate(text.splitlines()):
            self.line(line, x, y + number * size * 1.25, size)
        return self

    def page(self) -> "Pdf":
        self.canvas.showPage()
        return self

    def data(self) -> bytes:
        self.canvas.save()
        return self._buffer.getvalue()
