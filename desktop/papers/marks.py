"""What stands on a line of a paper, measured down from the line's upper edge, and how it draws itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from desktop.papers.formats import Type
from desktop.papers.lettering import BOLD, CAP_HEIGHT


@dataclass(frozen=True)
class Mark:
    """Something on a line that draws itself; ``top`` is the line's upper edge in PDF's upward points."""

    x: float
    y: float

    def draw(self, canvas: Any, top: float) -> None:
        raise NotImplementedError

    def lowered(self, by: float) -> Self:
        """The same mark, ``by`` points further down."""
        return replace(self, y=self.y + by)


@dataclass(frozen=True)
class Text(Mark):
    text: str
    type: Type

    def draw(self, canvas: Any, top: float) -> None:
        canvas.setFont(self.type.font, self.type.size)
        canvas.setFillColor(self.type.colour)
        canvas.drawString(self.x, top - self.y, self.text)


@dataclass(frozen=True)
class Rule(Mark):
    length: float
    colour: str
    thickness: float = 0.8

    def draw(self, canvas: Any, top: float) -> None:
        canvas.setStrokeColor(self.colour)
        canvas.setLineWidth(self.thickness)
        canvas.line(self.x, top - self.y, self.x + self.length, top - self.y)


@dataclass(frozen=True)
class Box(Mark):
    width: float
    height: float
    fill: str | None = None
    line: str | None = None
    radius: float = 0
    thickness: float = 0.8

    def draw(self, canvas: Any, top: float) -> None:
        canvas.setLineWidth(self.thickness)
        if self.line:
            canvas.setStrokeColor(self.line)
        if self.fill:
            canvas.setFillColor(self.fill)
        canvas.roundRect(
            self.x,
            top - self.y - self.height,
            self.width,
            self.height,
            self.radius,
            stroke=int(self.line is not None),
            fill=int(self.fill is not None),
        )


@dataclass(frozen=True)
class Tick(Mark):
    """A tick of two strokes (the font has none), or a cross; ``size`` is its height in points."""

    size: float
    colour: str
    is_cross: bool = False

    def draw(self, canvas: Any, top: float) -> None:
        canvas.setStrokeColor(self.colour)
        canvas.setLineWidth(self.size / 5)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        x, y, size = self.x, top - self.y, self.size
        strokes = (
            [[(x, y), (x + size, y + size)], [(x, y + size), (x + size, y)]]
            if self.is_cross
            else [[(x, y + 0.45 * size), (x + 0.38 * size, y + 0.05 * size), (x + 1.1 * size, y + 0.95 * size)]]
        )
        for stroke in strokes:
            path = canvas.beginPath()
            path.moveTo(*stroke[0])
            for point in stroke[1:]:
                path.lineTo(*point)
            canvas.drawPath(path, stroke=1, fill=0)


@dataclass(frozen=True)
class Bars(Mark):
    payload: str
    module: float
    height: float

    def draw(self, canvas: Any, top: float) -> None:
        from desktop.papers.symbols import draw_bars

        canvas.setFillColor("#000000")
        draw_bars(canvas, self.payload, self.x, top - self.y - self.height, self.module, self.height)


@dataclass(frozen=True)
class Qr(Mark):
    matrix: list[list[bool]]
    module: float

    def draw(self, canvas: Any, top: float) -> None:
        from desktop.papers.symbols import draw_qr

        canvas.setFillColor("#000000")
        draw_qr(canvas, self.matrix, self.x, top - self.y - len(self.matrix) * self.module, self.module)


@dataclass(frozen=True)
class Logo(Mark):
    side: float
    picture: Any

    def draw(self, canvas: Any, top: float) -> None:
        canvas.drawImage(
            self.picture,
            self.x,
            top - self.y - self.side,
            self.side,
            self.side,
            mask="auto",
            preserveAspectRatio=True,
            anchor="c",
        )


@dataclass(frozen=True)
class Ghost(Mark):
    """A pale word across the page, behind everything else."""

    word: str
    size: float
    colour: str

    def draw(self, canvas: Any, top: float) -> None:
        canvas.saveState()
        canvas.translate(self.x, top - self.y)
        canvas.rotate(50)
        canvas.setFillColor(self.colour)
        canvas.setFont(BOLD, self.size)
        canvas.drawCentredString(0, -self.size * CAP_HEIGHT / 2, self.word)
        canvas.restoreState()


@dataclass(frozen=True)
class Line:
    """A strip across the page that is never broken."""

    height: float
    marks: tuple[Mark, ...] = ()
