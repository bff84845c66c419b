"""The importer: a sound catalogue comes in whole and once; any other is refused by line, and nothing changes."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desktop.models.base import Record, natural_id, record_classes
from desktop.models.catalog import Agency, Service, ServiceStandard
from desktop.models.local import RequirementLine
from desktop.operations.catalog import Imported, definition_of, import_catalogue, standard_in_force
from desktop.operations.catalog_file import Catalogue, read_yaml
from desktop.operations.catalog_text import CatalogueError
from desktop.store import Store
from tests.conftest import Clock
from tests.operations.plain_catalogue import SHIPPED, changed, plain


def bring(store: Store, catalogue: Catalogue, *, seed: bool = False, valid_from: datetime | None = None) -> Imported:
    with store.saving(None) as session:
        session.info["seed"] = seed
        return import_catalogue(session, catalogue, hall_id=natural_id("hall", "3319"), valid_from=valid_from)


def contents(store: Store) -> str:
    """A hash of every row that an import could touch, and of how many entries the journal has."""
    digest = hashlib.sha256()
    with store.reading() as session:
        for name in sorted(record_classes()):
            for row in session.execute(text(f'SELECT * FROM "{name}" ORDER BY id')):
                digest.update(repr((name, tuple(row))).encode())
        digest.update(str(session.scalar(text("SELECT count(*) FROM journal"))).encode())
    return digest.hexdigest()


def count(session: Session, kind: type[Record] | type[RequirementLine]) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


def standard_at(store: Store, code: str, at: datetime) -> ServiceStandard:
    with store.reading() as session:
        row = standard_in_force(session, natural_id("service", code), at)
        assert row is not None
        return row


def test_the_shipped_catalogue_comes_in_whole(store: Store, clock: Clock) -> None:
    counts = bring(store, read_yaml(SHIPPED), seed=True)
    assert (counts.new_agencies, counts.new_services, counts.new_standards) == (28, 71, 71)
    with store.reading() as session:
        assert (count(session, Agency), count(session, Service)) == (28, 71)
        assert count(session, ServiceStandard) == 71 and count(session, RequirementLine) == 487
        assert session.get_one(Agency, natural_id("agency", "DKC")).name_id == "Dinas Kependudukan dan Pencatatan Sipil"
        for row in session.scalars(select(ServiceStandard)):
            assert (row.state, row.decree_no, row.decree_date, row.version_no) == ("sample", None, None, 1)
            assert definition_of(row).requirements and definition_of(row) is definition_of(row)
    row = standard_at(store, "DKC-02", clock())
    assert row.valid_from < clock() and len(definition_of(row).requirements) == 10


def test_the_same_file_again_changes_nothing(store: Store, clock: Clock) -> None:
    catalogue = read_yaml(SHIPPED)
    bring(store, catalogue, seed=True)
    before = contents(store)
    for seed in (True, False):
        clock.forward(days=1)
        again = bring(store, read_yaml(SHIPPED), seed=seed)
        assert again == Imported(unchanged=71)
        assert contents(store) == before


def test_two_pcs_make_the_same_rows(new_store: Callable[[str], Store], clock: Clock) -> None:
    ids = []
    for name in ("one", "two"):
        store = new_store(name)
        bring(store, read_yaml(SHIPPED), seed=True)
        with store.reading() as session:
            ids.append([set(session.scalars(select(kind.id))) for kind in (Agency, Service, ServiceStandard)])
            assert set(session.scalars(select(ServiceStandard.ehlc))) == {0}
            moments = set(session.scalars(select(ServiceStandard.valid_from)))
        ids[-1].append(moments)
        clock.forward(days=30)
    assert ids[0] == ids[1]


def test_a_changed_service_gets_a_new_version(store: Store, clock: Clock) -> None:
    bring(store, plain(), valid_from=clock() - timedelta(days=10))
    first = standard_at(store, "DKC-99", clock())
    more = changed("    copies: 2\n", "    copies: 4\n")
    counts = bring(store, read_yaml(more))
    assert (counts.new_standards, counts.unchanged) == (1, 0)
    second = standard_at(store, "DKC-99", clock())
    assert (first.version_no, second.version_no) == (1, 2) and second.valid_from == clock()
    assert definition_of(first).requirements[3].copies == 2 and definition_of(second).requirements[3].copies == 4
    # A file taken in before keeps its standard: what counted then still counts for that moment.
    assert standard_at(store, "DKC-99", clock() - timedelta(seconds=1)).id == first.id


def test_the_old_standard_counts_until_the_minute(store: Store, clock: Clock) -> None:
    bring(store, plain(), valid_from=clock() - timedelta(days=10))
    start = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # eight o'clock in the hall
    bring(store, read_yaml(changed("    copies: 2\n", "    copies: 4\n")), valid_from=start)
    assert standard_at(store, "DKC-99", start - timedelta(minutes=1)).version_no == 1
    assert standard_at(store, "DKC-99", start + timedelta(minutes=1)).version_no == 2
    with store.reading() as session:
        assert standard_in_force(session, natural_id("service", "DKC-99"), clock() - timedelta(days=11)) is None
        assert standard_in_force(session, natural_id("service", "none"), clock()) is None


def test_a_sample_never_replaces_a_decreed_standard(store: Store, clock: Clock) -> None:
    bring(store, plain(), valid_from=clock() - timedelta(days=10))
    with store.saving(None) as session:
        sample = session.scalars(select(ServiceStandard)).one()
        session.add(
            ServiceStandard(
                service_id=sample.service_id,
                version_no=2,
                state="decreed",
                decree_no="067.1/0344",
                decree_date=date(2026, 11, 1),
                valid_from=clock() - timedelta(days=5),
                definition=sample.definition,
            )
        )
    assert bring(store, plain()).unchanged == 1
    bring(store, read_yaml(changed("    copies: 2\n", "    copies: 4\n")))
    row = standard_at(store, "DKC-99", clock())
    assert (row.state, row.version_no) == ("decreed", 2)
    assert standard_at(store, "DKC-99", clock() - timedelta(days=6)).state == "sample"


def test_a_seed_leaves_an_administrators_work_alone(store: Store, clock: Clock) -> None:
    bring(store, plain(), seed=True, valid_from=clock() - timedelta(days=10))
    with store.saving(None) as session:
        session.get_one(Agency, natural_id("agency", "DKC")).name_id = "Disdukcapil"
        session.get_one(Service, natural_id("service", "DKC-99")).is_open = False
        sample = session.scalars(select(ServiceStandard)).one()
        edited = definition_of(sample).model_copy(update={"notes_id": "Diubah admin"})
        session.add(
            ServiceStandard(
                service_id=sample.service_id,
                version_no=2,
                state="sample",
                valid_from=clock(),
                definition=edited.document(),
            )
        )
    before = contents(store)
    assert bring(store, plain(), seed=True) == Imported(unchanged=1)
    assert contents(store) == before
    # An administrator who imports the file means it: names follow, what the file does not speak of stays.
    counts = bring(store, plain())
    assert (counts.changed_agencies, counts.changed_services, counts.new_standards) == (1, 0, 1)
    with store.reading() as session:
        assert session.get_one(Agency, natural_id("agency", "DKC")).name_id == "Dinas Kependudukan"
        assert not session.get_one(Service, natural_id("service", "DKC-99")).is_open


def test_an_import_that_fails_keeps_nothing(store: Store) -> None:
    before = contents(store)
    catalogue = read_yaml(SHIPPED)
    with pytest.raises(RuntimeError), store.saving(None) as session:
        import_catalogue(session, catalogue, hall_id="x")
        raise RuntimeError("power cut before the commit")
    assert contents(store) == before
    with store.reading() as session:
        assert count(session, Agency) == 0


# A thousand spoilt files


def spoil(data: bytes, chance: random.Random) -> bytes:
    """One random injury, of the kinds that editors, transfers and enemies make."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    match chance.randrange(12):
        case 0:
            position = chance.randrange(len(data))
            return data[:position] + bytes([chance.randrange(256)]) + data[position + 1 :]
        case 1:
            return data[: chance.randrange(len(data))]
        case 2:
            lines[at : at + 1] = []
        case 3:
            lines[at : at + 1] = [lines[at], lines[at]]
        case 4:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 5:
            lines[at] = b" " + lines[at]
        case 6:
            lines[at] = lines[at].replace(b":", b"", 1)
        case 7:
            lines[at] += chance.choice([b" &a", b" *a", b" !!python/name:os", b" |", b" {", b" [", b' "', b" \x00"])
        case 8:
            key = lines[at].partition(b":")[0]
            lines[at] = key + b": " + chance.choice([b"no", b"012", b"null", b"[]", b"{}", b"1e9", b"~", b"-1", b"<<"])
        case 9:
            lines[at] = lines[at].upper()
        case 10:
            lines[at:at] = [b"- " * 30 + b"x", b"x: " + b"[" * 30]
        case 11:
            lines[at] = lines[at][:12] + b"\xe2\x80\xae" + lines[at][12:] * chance.choice([1, 400])
    return b"\n".join(lines)


def excerpt(services: set[str]) -> bytes:
    """The shipped catalogue with these services only, and the questions that they use."""
    tree = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    tree["services"] = [service for service in tree["services"] if service["code"] in services]
    owners = {service["agency"] for service in tree["services"]}
    tree["agencies"] = [agency for agency in tree["agencies"] if agency["code"] in owners]
    tree["sources"] = []
    words = set(re.findall(r"[A-Z0-9_]{3,}", repr([service["requirements"] for service in tree["services"]])))
    tree["facts"] = [fact for fact in tree["facts"] if fact["tag"] in words]
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True).encode()


def test_a_thousand_spoilt_files_change_nothing_or_are_sound(store: Store) -> None:
    """Each is either refused with lines, the file as before to the byte, or is a catalogue that can be imported."""
    whole = excerpt({"DKC-05", "POL-01", "SMS-01"})
    bring(store, read_yaml(whole))
    before = contents(store)
    chance = random.Random(3319)
    refusals = 0
    for number in range(1000):
        injured = spoil(whole, chance)
        try:
            catalogue = read_yaml(injured)
        except CatalogueError as error:
            refusals += 1
            last = injured.count(b"\n") + injured.count(b"\r") + 2
            assert error.problems and all(1 <= line <= last and told for line, told in error.problems)
        else:
            if number % 10 == 0:
                with pytest.raises(RuntimeError), store.saving(None) as session:
                    import_catalogue(session, catalogue, hall_id="x")
                    session.flush()
                    raise RuntimeError("looked at, not kept")
    assert refusals > 500
    assert contents(store) == before


def test_the_whole_catalogue_spoilt(store: Store) -> None:
    data = SHIPPED.read_bytes()
    chance = random.Random(132)
    for _number in range(20):
        try:
            read_yaml(spoil(data, chance))
        except CatalogueError as error:
            assert error.problems
