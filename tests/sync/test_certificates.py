"""An authority of our own: what it signs is believed for that use and that name only, and only for its time."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import verification

from desktop.errors import UserError
from desktop.sync import certificates
from desktop.sync.certificates import Authority, Pair

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
HALL = "Mal Pelayanan Publik Kabupaten Kudus, Jawa Tengah, Republik Indonesia"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.open(tmp_path, HALL, now=NOW)


def believed(authority: Authority, pair: Pair, name: str, moment: datetime = NOW) -> bool:
    """Whether a client that trusts this authority believes the server under this name at this moment."""
    store = verification.Store([x509.load_pem_x509_certificate(authority.certificate)])
    builder = verification.PolicyBuilder().store(store).time(moment)
    try:
        builder.build_server_verifier(x509.DNSName(name)).verify(x509.load_pem_x509_certificate(pair.certificate), [])
    except verification.VerificationError:
        return False
    return True


def test_a_server_is_believed_under_its_names_for_its_time_only(authority: Authority, tmp_path: Path) -> None:
    server = authority.for_server(["pusat.mpp.example", "10.0.0.5"], now=NOW)
    assert certificates.names_of(server.certificate) == {"pusat.mpp.example", "10.0.0.5"}
    assert believed(authority, server, "pusat.mpp.example")
    assert not believed(authority, server, "lain.mpp.example")
    ends = certificates.runs_out_at(server.certificate)
    assert ends == NOW + timedelta(days=5 * 365)
    assert not believed(authority, server, "pusat.mpp.example", ends + timedelta(seconds=1))
    assert believed(authority, server, "pusat.mpp.example", NOW - timedelta(days=1)), "a PC whose clock is behind"
    other = Authority.open(_folder(tmp_path, "evil"), HALL, now=NOW)
    assert not believed(other, server, "pusat.mpp.example")


def test_a_counter_cannot_play_the_server(authority: Authority) -> None:
    client = authority.for_role("loket_c07", now=NOW)
    found = x509.load_pem_x509_certificate(client.certificate)
    assert found.subject.rfc4514_string() == "CN=loket_c07"
    disguised = authority.for_role("pusat.mpp.example", now=NOW)
    assert not believed(authority, disguised, "pusat.mpp.example")
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [certificates.ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_authority_is_made_once_and_its_key_is_closed(authority: Authority, tmp_path: Path) -> None:
    assert Authority.open(tmp_path, "another name", now=NOW).certificate == authority.certificate
    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ca.crt").stat().st_mode) == 0o644


def test_nothing_outlives_the_authority(authority: Authority) -> None:
    late = certificates.runs_out_at(authority.certificate) - timedelta(days=30)
    assert certificates.runs_out_at(authority.for_role("loket_c07", now=late).certificate) == late + timedelta(days=30)


@pytest.mark.parametrize("damage", ["key gone", "certificate gone", "key of another", "nonsense"])
def test_a_damaged_authority_is_said_and_never_made_anew(authority: Authority, tmp_path: Path, damage: str) -> None:
    if damage == "key gone":
        (tmp_path / "ca.key").unlink()
    elif damage == "certificate gone":
        (tmp_path / "ca.crt").unlink()
    elif damage == "key of another":
        other = _folder(tmp_path, "other")
        Authority.open(other, HALL, now=NOW)
        (other / "ca.key").replace(tmp_path / "ca.key")
    else:
        (tmp_path / "ca.key").write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(UserError, match=r"Kembalikan ca.crt dan ca.key"):
        Authority.open(tmp_path, HALL, now=NOW)


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name
