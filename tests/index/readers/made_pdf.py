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


def by_hand(content: bytes, unicode: bytes = b"", *, pages: int = 1) -> bytes:
    """A PDF of one page, written object by object. `content` is what is painted, `unicode` the pairs of a
    font's map from its codes to characters."""
    cmap = b"/CIDInit /ProcSet findresource begin begincmap %d beginbfchar %s endbfchar endcmap end"
    cmap %= unicode.count(b"<") // 2, unicode
    font = b" /ToUnicode 6 0 R" if unicode else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R" * pages, pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> /XObject << /X 4 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica%s >>" % font,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
    ]
    data, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, body in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    end = b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
    return data + end % (size, table, size, len(data))
