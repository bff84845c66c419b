"""RINGKASAN HARIAN: one day of a desk or a hall on A4, for the supervisor who signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.i18n import _, clock_time, day_month, long_date, number, percent, plain_date, short_date
from desktop.operations.paperwork import HourTally, MissingTally, SummaryFacts, Tally
from desktop.papers import blocks, sheet
from desktop.papers.blocks import Align, Cell, columns, heading, paragraph
from desktop.papers.formats import A4, Type
from desktop.papers.lettering import BOLD
from desktop.papers.marks import Box, Line, Mark, Rule, Tick
from desktop.papers.sheet import Sheet

_INK, _MUTED, _LINE = A4.palette.ink, A4.palette.muted, A4.palette.line
_COMPLETE, _SHORT = "#3b82b8", "#f2b872"  # told apart in grey as well


def make_summary(facts: SummaryFacts) -> bytes:
    """The summary as PDF (A4); the same facts give the same bytes."""
    name = _("RINGKASAN HARIAN")
    paper = Sheet(A4, name, long_date(facts.day), facts.letterhead.accent, facts.training, foot=_printed(facts))
    paper.add(blocks.letterhead(A4, facts.letterhead))
    _head(paper, name, facts)
    _figures(paper, facts)
    if facts.total.received:
        _tallies(paper, _("Per layanan"), _("Layanan"), facts.by_service, facts.total)
        _tallies(paper, _("Per petugas"), _("Petugas"), facts.by_officer, facts.total)
        _hours(paper, facts.by_hour)
        _lacking(paper, facts.missing, facts.total.returned)
    else:
        is_today = facts.as_of.date() == facts.day
        words = _("Belum ada berkas hari ini.") if is_today else _("Tidak ada berkas pada tanggal ini.")
        paper.add(paragraph(A4, words if facts.is_open else _("Loket tidak buka pada tanggal ini."), A4.strong))
    paper.add(_signature(facts))
    return sheet.to_pdf([paper], _("Ringkasan harian"))


def _head(paper: Sheet, name: str, facts: SummaryFacts) -> None:
    date = Type(BOLD, 12.5, _INK)
    paper.add(blocks.beside(A4, name, A4.title, long_date(facts.day), date, A4.left, 23))
    zone = facts.as_of.tzname() or ""
    as_of = _("keadaan pukul {time} {zone}").format(time=clock_time(facts.as_of), zone=zone).strip()
    if facts.as_of.date() != facts.day:  # printed afterwards: the day did not end at that hour
        as_of = _("keadaan {date} pukul {time}").format(
            date=day_month(facts.as_of.date()), time=f"{clock_time(facts.as_of)} {zone}".strip())  # fmt: skip
    paper.add(paragraph(A4, " · ".join(filter(None, (as_of, facts.scope))), A4.strong))
    if facts.state:
        paper.add(paragraph(A4, facts.state, A4.label))
    paper.add(blocks.chips(A4, sheet.remarks(A4, facts.training), A4.room))
    paper.gap(6)


def _figures(paper: Sheet, facts: SummaryFacts) -> None:
    total = facts.total
    cards = [
        (_("Permohonan masuk"), total.received, ""),
        (_("Langsung lengkap"), total.complete, percent(total.complete, total.received)),
        (_("Dikembalikan"), total.returned, percent(total.returned, total.received)),
        (_("Diterima bersyarat"), total.conditional, ""),
        (_("Dibatalkan"), total.void, ""),
        (_("Berkas lama yang dilengkapi hari ini"), facts.completed_later, ""),
        (_("Kunjungan tanpa berkas"), facts.visits_without_file, ""),
        (_("Syarat di luar daftar"), facts.extra_demands, ""),
        (_("Cetak ulang"), facts.reprints, ""),
        (_("Data diperbaiki"), facts.corrections, ""),
    ]
    if facts.voided_later:
        cards.append((_("Berkas lama yang dibatalkan hari ini"), facts.voided_later, ""))
    told = [(name, number(count) if facts.is_open else "–", share) for name, count, share in cards]
    paper.add(_cards(told[:5]))
    paper.add(_cards(told[5:]))
    paper.add(_check(facts))
    for sentence in facts.reasons:
        paper.add(paragraph(A4, sentence, A4.label))
    if facts.usual_minutes is not None and facts.most_minutes is not None:
        spent = _("Lama pelayanan: umumnya {usual} menit; 9 dari 10 di bawah {most} menit")
        paper.add(paragraph(A4, spent.format(usual=facts.usual_minutes, most=facts.most_minutes)))


def _cards(cards: Sequence[tuple[str, str, str]]) -> list[Line]:
    gap, inset, height = 8.0, 8.0, 52.0
    across = (A4.room - gap * (len(cards) - 1)) / len(cards)
    large = Type(BOLD, 18, _INK)
    marks: list[Mark] = []
    for at, (label, count, share) in enumerate(cards):
        x = A4.left + at * (across + gap)
        marks.append(Box(x, 0, across, height, line=_LINE, radius=4))
        figure = [Cell(count, large, x + inset, across - 2 * inset)]
        if share and share != "–":
            figure.append(Cell(share, A4.label, x + inset, across - 2 * inset, "right"))
        marks += _lowered(columns(*figure, leading=22), 4)
        marks += _lowered(columns(Cell(label, A4.small, x + inset, across - 1.5 * inset), leading=9.6), 28)
    return [Line(height, tuple(marks)), Line(7)]


def _lowered(lines: Sequence[Line], y: float) -> list[Mark]:
    marks: list[Mark] = []
    for line in lines:
        marks += [mark.lowered(y) for mark in line.marks]
        y += line.height
    return marks


def _check(facts: SummaryFacts) -> list[Line]:
    total = facts.total
    sums = _(
        "{received} masuk = {complete} lengkap + {returned} dikembalikan + {conditional} bersyarat + {void} batal"
    ).format(
        received=number(total.received),
        complete=number(total.complete),
        returned=number(total.returned),
        conditional=number(total.conditional),
        void=number(total.void),
    )
    fits = facts.is_consistent
    words = _("jumlah cocok: {sums}") if fits else _("jumlah TIDAK cocok: {sums}. Hubungi admin.")
    type_ = A4.body if fits else Type(BOLD, A4.body.size, A4.palette.alarm)
    lines = columns(Cell(words.format(sums=sums), type_, A4.left + 13, A4.room - 13), leading=A4.leading)
    colour = A4.palette.good if fits else A4.palette.alarm
    mark = Tick(A4.left + 1, A4.leading / 2 + 3.4, 7, colour, is_cross=not fits)
    return [Line(A4.leading, (mark, *lines[0].marks)), *lines[1:]]


@dataclass(frozen=True)
class _Column:
    head: str
    room: float
    align: Align = "right"


def _table(
    paper: Sheet,
    title: str,
    heads: Sequence[_Column],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] = (),
    with_next: bool = False,
) -> None:
    """Rows under heads that are repeated on every page the table reaches."""

    def cells(texts: Sequence[str], type_: Type) -> list[Cell]:
        x, made = A4.left, []
        for head, text in zip(heads, texts, strict=True):
            made.append(Cell(text, type_, x, head.room - 8, head.align))
            x += head.room
        return made

    names = columns(*cells([head.head for head in heads], A4.small), leading=10)
    rule = Line(4, (Rule(A4.left, 2, A4.room, _LINE),))
    paper.add(heading(A4, title), with_next=True)
    paper.add([*names, rule], with_next=True)
    paper.repeated = [*names, rule]
    for texts in rows:
        row = columns(*cells(texts, A4.body), leading=A4.leading)
        paper.add([*row, Line(1)], with_next=with_next)
    if total:
        paper.add([rule, *columns(*cells(total, A4.strong), leading=A4.leading)])
    paper.repeated = []
    paper.gap(4)


def _tallies(paper: Sheet, title: str, who: str, tallies: Sequence[Tally], total: Tally) -> None:
    if not tallies:
        return
    heads = [
        _Column(who, A4.room - 292, "left"),
        _Column(_("Masuk"), 44),
        _Column(_("Langsung lengkap"), 78),
        _Column(_("Dikembalikan"), 62),
        _Column(_("Bersyarat"), 54),
        _Column(_("Dibatalkan"), 62),
    ]
    rows = [[tally.name, *_counts(tally)] for tally in tallies]
    _table(paper, title, heads, rows, total=[_("Jumlah"), *_counts(total)])


def _counts(tally: Tally) -> list[str]:
    counts = (tally.received, tally.complete, tally.returned, tally.conditional, tally.void)
    return [number(count) for count in counts]


def _hours(paper: Sheet, hours: Sequence[HourTally]) -> None:
    if not hours:
        return
    most = max(1, *(hour.complete + hour.short for hour in hours))
    x, room = A4.left + 74, A4.room - 74 - 110
    legend = columns(Cell(_("lengkap"), A4.small, x + 11, 60), Cell(_("kurang"), A4.small, x + 71, 60), leading=10)[0]
    keys = (Box(x, 2, 7, 7, fill=_COMPLETE), Box(x + 60, 2, 7, 7, fill=_SHORT))
    paper.add([*heading(A4, _("Per jam")), Line(12, (*keys, *legend.marks))], with_next=True)
    for hour in hours:
        span = _("{start}.00–{end}.00").format(start=f"{hour.hour:02d}", end=f"{hour.hour + 1:02d}")
        count = _("{complete} lengkap, {short} kurang").format(complete=hour.complete, short=hour.short)
        texts = columns(
            Cell(span, A4.label, A4.left, 70),
            Cell(count, A4.label, A4.right - 100, 100, "right"),
            leading=A4.leading,
        )
        done, lacking = (room * part / most for part in (hour.complete, hour.short))
        bars = (
            Box(x, 2.2, done, 8.6, fill=_COMPLETE) if done else None,
            Box(x + done, 2.2, lacking, 8.6, fill=_SHORT) if lacking else None,
        )
        paper.add([Line(A4.leading, (*(bar for bar in bars if bar), *texts[0].marks)), *texts[1:]])
    paper.gap(4)


def _lacking(paper: Sheet, missing: Sequence[MissingTally], returned: int) -> None:
    if not missing:
        return
    heads = [
        _Column(_("Syarat"), A4.room - 310, "left"),
        _Column(_("Layanan"), 194, "left"),
        _Column(_("Berkas"), 38),
        _Column(_("dari dikembalikan"), 86),
    ]
    rows = [[m.requirement, m.service, number(m.count), percent(m.count, returned)] for m in missing]
    # Kept with what follows: nobody is asked to sign a page that holds only signatures.
    _table(paper, _("Kekurangan berkas terbanyak"), heads, rows, with_next=True)


def _signature(facts: SummaryFacts) -> list[Line]:
    left, right, room = A4.left, A4.left + 0.58 * A4.room, 0.42 * A4.room
    place_and_day = ", ".join(filter(None, (facts.place, plain_date(facts.day))))
    body, muted = A4.body, Type(A4.body.font, A4.body.size, _MUTED)
    staff_no = _("NIP {number}").format(number=facts.signer_staff_no) if facts.signer_staff_no else ""
    lines = [
        *columns(Cell("", body, left, room), Cell(place_and_day, body, right, room), leading=A4.leading),
        *columns(
            Cell(_("Dibuat oleh"), muted, left, room),
            Cell(_("Mengetahui"), muted, right, room),
            leading=A4.leading,
        ),
        *columns(Cell("", body, left, room), Cell(facts.signer_position, body, right, room), leading=A4.leading),
        Line(40, (Rule(left, 38, 150, _LINE), Rule(right, 38, 150, _LINE))),
        *columns(
            Cell(facts.printed_by, A4.strong, left, room),
            Cell(facts.signer_name, A4.strong, right, room),
            leading=A4.leading,
        ),
        *columns(Cell("", body, left, room), Cell(staff_no, A4.label, right, room), leading=A4.leading),
    ]
    return [Line(6), *lines]


def _printed(facts: SummaryFacts) -> list[Line]:
    printed = _("Dicetak {date} {time} oleh {officer}").format(
        date=short_date(facts.printed_at), time=clock_time(facts.printed_at), officer=facts.printed_by
    )
    return [Line(6), *columns(Cell(printed, A4.small, A4.left, A4.room), leading=10)]
