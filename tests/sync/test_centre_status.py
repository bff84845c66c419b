"""What wants doing is said last, and nothing is said that is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.commands import centre_status
from desktop.sync import backup, private
from desktop.sync.central import Node, Status
from desktop.sync.site import Site

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
NODE = Node(
    node_id="n7", db_role="loket_7", label="Loket 07", counter_id="c", agency_ids=["a"], may_write="counter",
    device_code=101, revoked_at=None, forked_from=None, last_push_at=NOW - timedelta(minutes=1), last_seen_at=NOW,
    skew_ms=900, app_version="1.0.0", refused=0,
)  # fmt: skip
HALL = Status(
    hall_name="MPP Uji", schema_version=1, server_version="18.6", size_bytes=9 << 20, entries=12_345, refused=0,
    recovery_until=None, nodes=[NODE], timezone="Asia/Makassar",
)  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site.make_for(tmp_path, ["pusat.mpp.example"], 5432, "MPP Uji", now=NOW)
    private.write(tmp_path / backup.LAST, (NOW - timedelta(hours=8)).isoformat().encode())
    return made


def said(site: Site, found: Status = HALL, now: datetime = NOW) -> str:
    return "\n".join(centre_status.lines(found, site, now=now))


def test_a_centre_in_order_wants_nothing(site: Site) -> None:
    text = said(site)
    assert "MPP Uji di pusat.mpp.example" in text
    assert "12.345 catatan" in text
    assert "Loket 07: terakhir mengirim 25-11-2026 08.59" in text, "by the hall's clock, as its counters show it"
    assert text.endswith("Tidak ada yang perlu dikerjakan.")
    assert not [word for word in ("selisih", "disisihkan", "Lama", "Perbarui", "Buat cadangan") if word in text]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"skew_ms": -14 * 60_000}, "jam selisih 14 menit"),
        ({"refused": 3}, "3 catatan disisihkan"),
        ({"last_push_at": NOW - timedelta(days=4)}, "Lama tidak mengirim: Loket 07"),
        ({"last_push_at": None}, "belum pernah mengirim"),
        ({"revoked_at": NOW}, "Loket 07: dicabut"),
    ],
)
def test_what_is_wrong_with_a_pc_is_said(site: Site, changes: dict, sentence: str) -> None:
    assert sentence in said(site, replace(HALL, nodes=[replace(NODE, **changes)]))
    assert sentence not in said(site), "the control"


def test_what_a_pc_was_before_it_joined_is_no_pc(site: Site) -> None:
    former = replace(NODE, label="Lama", device_code=None)
    assert "Lama" not in said(site, replace(HALL, nodes=[NODE, former]))
    assert "Lama" in said(site, replace(HALL, nodes=[NODE, replace(former, refused=1)]))


def test_an_old_backup_and_an_open_window_are_said(site: Site) -> None:
    assert "Buat cadangan" in said(site, now=NOW + timedelta(days=2))
    (site.folder / backup.LAST).unlink()
    assert "belum ada" in said(site)
    later = NOW + timedelta(hours=1)
    assert "terbuka sampai" in said(site, replace(HALL, recovery_until=later))
    assert "terbuka sampai" not in said(site, replace(HALL, recovery_until=later), now=later)


def test_certificates_are_renewed_in_time(site: Site) -> None:
    site.address_for("loket_7", "secret", "n7", now=NOW)
    site.address_for("loket_gone", "secret", "n8", now=NOW)
    soon = NOW + timedelta(days=5 * 365 - 89)
    private.write(site.folder / backup.LAST, soon.isoformat().encode())
    awake = replace(HALL, nodes=[replace(NODE, last_push_at=soon)])
    text = said(site, awake, now=soon)
    assert f'python3 main.py centre --folder "{site.folder}" enrol "Loket 07" --renew' in text
    assert text.count('" init --address pusat.mpp.example') == 2, "the server's and the administrator's"
    assert "loket_gone" not in text, "a PC that is no more"
    assert "Perbarui" not in said(site, awake, now=soon - timedelta(days=2)), "the control"
    renewed = Site.make_for(site.folder, ["pusat.mpp.example"], 5432, "MPP Uji", now=soon)
    renewed.address_for("loket_7", "secret", "n7", now=soon)
    assert said(renewed, awake, now=soon).endswith("Tidak ada yang perlu dikerjakan.")
