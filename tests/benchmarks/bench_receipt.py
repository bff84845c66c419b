"""From the committed record to the bytes of its paper; against a bare canvas that draws the same strings and bars."""

from __future__ import annotations

import io
import time
from functools import partial
from typing import Any

from reportlab.pdfgen import canvas as reportlab
from reportlab.pdfgen.pathobject import PDFPathObject

from desktop import sample
from desktop.operations import intake, issuing
from desktop.papers import lettering
from desktop.papers.receipt import make_receipt
from tests.benchmarks import million
from tests.benchmarks.measuring import Figure, compared, paired

A_PAIR = 5
Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def run(quick: bool) -> list[Figure]:
    """Milliseconds of the processor for one receipt, its facts read from the file."""
    large = million.large(million.QUICK if quick else million.FULL)
    with large.opened() as (store, desk):
        luck = sample.Hall(5)
        with store.saving(desk.officer_id) as session:
            offer = next(one for one in sample.offers(session, desk) if len(one.definition.requirements) > 5)
            made = intake.receive(session, desk, luck.form(offer, desk.day(million.NOW), is_short=False))

        def paper() -> bytes:
            with store.reading() as session:
                facts = issuing.facts_of(session, made.print_id)
            return make_receipt(facts, "a5")  # type: ignore[arg-type]

        pages = recorded(paper)
        ours, base = paired(lambda: taken(paper), lambda: taken(lambda: drawn(pages)), pairs=5 if quick else 15)
    return [compared("receipt", "ms", ours, base, goal="<= 1.5 x a bare canvas", holds=lambda ratio: ratio <= 1.5,
                     note=f"A5, {sum(call[0] == 'drawString' for call in pages)} strings")]  # fmt: skip


def taken(work: Any) -> float:
    begin = time.process_time()
    for _ in range(A_PAIR):
        work()
    return (time.process_time() - begin) * 1000 / A_PAIR


def recorded(work: Any) -> list[Call]:
    """What ``work`` asks of its canvas, in order."""
    calls: list[Call] = []
    real = reportlab.Canvas

    class Path(PDFPathObject):  # type: ignore[misc]
        """Keeps its strokes, so that the bare canvas makes the same bars and is not handed them ready-made."""

        def __init__(self, **named: Any) -> None:
            super().__init__(**named)
            self.strokes: list[Call] = []
            for stroke in ("moveTo", "lineTo", "rect"):
                setattr(self, stroke, partial(self._keep, stroke))

        def _keep(self, stroke: str, *arguments: float) -> None:
            self.strokes.append((stroke, arguments, {}))
            getattr(PDFPathObject, stroke)(self, *arguments)

    class Watched(real):  # type: ignore[misc, valid-type]
        deep = 0

        def beginPath(self) -> Path:
            return Path()

        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            if name.startswith("_") or not callable(found):
                return found

            def called(*arguments: Any, **named: Any) -> Any:
                if Watched.deep == 0:
                    calls.append((name, arguments, named))
                Watched.deep += 1
                try:
                    return found(*arguments, **named)
                finally:
                    Watched.deep -= 1

            return called

    reportlab.Canvas = Watched  # type: ignore[misc]
    try:
        work()
    finally:
        reportlab.Canvas = real  # type: ignore[misc]
    return [call for call in calls if call[0] not in ("beginPath", "save")]


def drawn(calls: list[Call]) -> bytes:
    """The same on a bare canvas."""
    out = io.BytesIO()
    canvas = reportlab.Canvas(out, (595, 595), invariant=1, initialFontName=lettering.REGULAR)
    for name, arguments, named in calls:
        if name == "drawPath":
            path = canvas.beginPath()
            for stroke, points, _named in arguments[0].strokes:
                getattr(path, stroke)(*points)
            arguments = (path, *arguments[1:])
        getattr(canvas, name)(*arguments, **named)
    canvas.save()
    return out.getvalue()
