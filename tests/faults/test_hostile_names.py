"""Names that are made to break something, from the desk to the paper, the search and the spreadsheet."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from desktop import sample
from desktop.errors import UserError
from desktop.models import journal
from desktop.models.application import Application
from desktop.models.catalog import Service
from desktop.models.people import Party
from desktop.operations import intake, issuing, search, standard_workbook
from desktop.operations.cleaning import clean
from desktop.operations.paperwork import ReceiptFacts
from desktop.operations.standard_rows import SERVICE_NAME
from desktop.papers.lettering import printable
from desktop.papers.receipt import make_receipt
from desktop.papers.slip import make_slip
from tests.conftest import Hall
from tests.operations.workbooks import sheets_of
from tests.papers.reading import squeezed, text_of

Rounds = Callable[[int, int], int]
PIECES = (
    "<b>", "</para>", "<img src='/etc/passwd'/>", "<font color=red>", "&amp;", "&#0;", "]]>", "<!--",
    "';DROP TABLE party;--", '" OR 1=1 --', "name : x", "NEAR(a b)", "* AND", "-siti", "=HYPERLINK(1)",
    "@SUM(A1)", "+1", "-2+3", "%s %d", "{0}", "${x}", "\\) Tj ET Q BT", "()<<>>[]/", "\u202egnirts", "\u2066",
    "\x00", "\x1b[31m", "\r\n", "\t", "\ud800", "\udc00", "😀", "👨‍👩‍👧", "محمد", "王小明", "ﬁ", "Z̸̢̧̛", "é",
    "e\u0301", "\u3164", "\ufeff", "\u200b", "\u00ad", "\U000e0041", "A" * 70, "Ấ" * 20, "-" * 40, "•", "’",
    "'", "١٢٣", "null", "None", "true", "0", "1e9",
)  # fmt: skip
PLAIN = ("Siti", "Budi", "Ma'ruf", "Nur", "Aminah", "dr.", "S.Pd.", "H.", "binti", "Wulan")


def hostile_name(luck: random.Random) -> str:
    """A few pieces of harm among a few of a name."""
    pieces = luck.choices(PIECES, k=luck.randint(1, 3)) + luck.choices(PLAIN, k=luck.randint(0, 3))
    luck.shuffle(pieces)
    return luck.choice(("", " ")).join(pieces)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_name_is_kept_printed_and_found_as_it_was_typed_or_refused_in_words(hall: Hall, rounds: Rounds) -> None:
    luck, people, kept, refused = random.Random(5), sample.Hall(5), 0, 0
    with hall.store.reading() as session:
        offered = sample.offers(session, hall.desk)
    for place in range(rounds(200, 10_000)):
        hall.clock.forward(seconds=1)
        typed = hostile_name(luck)
        form = people.form(luck.choice(offered), hall.desk.day(hall.clock()))
        form = replace(form, applicant=replace(form.applicant, name=typed))
        try:
            with hall.store.saving(hall.desk.officer_id) as session:
                made = intake.receive(session, hall.desk, form)
        except UserError as problem:
            refused += 1
            assert problem.message and problem.field, typed
            continue
        kept += 1
        name = clean(typed)
        with hall.store.reading() as session:
            applicant = select(Party.full_name).where(
                Party.application_id == made.application_id, Party.role == "applicant"
            )
            assert session.scalars(applicant).one() == name
            facts = issuing.facts_of(session, made.print_id, training=True)
            if search.name_query(name):
                found = search.find(session, typed, agency_ids=hall.desk.agency_ids)
                assert made.application_id in {one.id for one in found}, typed
        pdf = (make_receipt if isinstance(facts, ReceiptFacts) else make_slip)(facts, ("a5", "80mm")[place % 2])
        assert squeezed(printable(name)) in squeezed(text_of(pdf)), typed
    assert kept > refused > 0, "the control: both happen"
    with hall.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Application)) == kept, "of a refused one nothing is left"
        assert journal.verify(journal.read_entries(session.connection())) == []


def test_a_service_of_such_a_name_is_a_text_in_the_spreadsheet_and_comes_back(hall: Hall) -> None:
    luck = random.Random(6)
    with hall.store.saving(None) as session:
        services = session.scalars(select(Service).order_by(Service.code)).all()
        names = {service.code: clean(hostile_name(luck))[:200] or "-" for service in services}
        for service in services:
            service.name_id = names[service.code]
    with hall.store.reading() as session:
        book = standard_workbook.export(session)
    sheet = sheets_of(book)["Layanan"]
    place = sheet[0].index(SERVICE_NAME)
    assert {row[0]: row[place] for row in sheet[1:]} == names
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "/worksheets/" in name)
    assert any(name.startswith(("=", "@", "+", "-")) for name in names.values()), "the control"
