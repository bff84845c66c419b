"""The centre's own certificate authority: one certificate for the server, one for each PC, none from elsewhere.

ECDSA on P-256. A PC's certificate carries the name of its database role, so that nobody signs in with another's.
A PC is shut out by revoking its role, which works at once; a certificate only runs out, and `status` says so in time.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from desktop.errors import UserError
from desktop.i18n import _
from desktop.sync import private

AUTHORITY_YEARS, YEARS = 20, 5
# From here on `status` asks to renew.
WARN = timedelta(days=90)
# A PC whose clock is behind must still believe a certificate of today.
CLOCK_SLACK = timedelta(days=2)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, both PEM."""

    certificate: bytes
    key: bytes

    @property
    def joined(self) -> bytes:
        """Both in one file, as libpq takes them."""
        return self.certificate + self.key


class Authority:
    """The centre's own authority, kept in a folder as ``ca.crt`` and ``ca.key``."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self._certificate = certificate
        self._key = key

    @classmethod
    def open(cls, folder: Path, hall_name: str, *, now: datetime) -> Authority:
        """The authority of this folder, made with the first call. UserError where its files are gone or damaged."""
        path, key_path = folder / "ca.crt", folder / "ca.key"
        try:
            if not path.exists() and not key_path.exists():
                pair = _authority(hall_name, now)
                # The certificate last: as long as it is missing nobody has been given one of this authority.
                private.write(key_path, pair.key)
                private.write(path, pair.certificate, mode=0o644)
            key = serialization.load_pem_private_key(key_path.read_bytes(), None)
            authority = x509.load_pem_x509_certificate(path.read_bytes())
            if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != authority.public_key():
                raise ValueError("the key is another certificate's")
        except (OSError, ValueError) as problem:
            raise UserError(
                _(
                    "Sertifikat induk di {folder} hilang, rusak, atau tidak boleh dibaca. Jangan hapus apa pun. "
                    "Kembalikan ca.crt dan ca.key dari cadangan."
                ).format(folder=folder)
            ) from problem
        return cls(authority, key)

    @property
    def certificate(self) -> bytes:
        """What every PC and the server are given to know each other by."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def for_server(self, names: Sequence[str], *, now: datetime) -> Pair:
        """A certificate for the server under each of its host names and addresses."""
        alternatives = x509.SubjectAlternativeName([_host(name) for name in names])
        return self._sign(names[0], ExtendedKeyUsageOID.SERVER_AUTH, [alternatives], now)

    def for_role(self, role: str, *, now: datetime) -> Pair:
        """A certificate with which only this database role can sign in."""
        return self._sign(role, ExtendedKeyUsageOID.CLIENT_AUTH, [], now)

    def _sign(self, name: str, usage: x509.ObjectIdentifier, more: Sequence[x509.ExtensionType], now: datetime) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        ends = min(now + timedelta(days=365 * YEARS), self._certificate.not_valid_after_utc)
        builder = _builder(name, self._certificate.subject, key, now, ends)
        for extension in (
            x509.BasicConstraints(ca=False, path_length=None),
            _usage(signs=False),
            x509.ExtendedKeyUsage([usage]),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
            *more,
        ):
            builder = builder.add_extension(extension, critical=isinstance(extension, _CRITICAL))
        return _pair(builder.sign(self._key, hashes.SHA256()), key)


def runs_out_at(certificate: bytes) -> datetime:
    """When this certificate (PEM) stops being believed."""
    return x509.load_pem_x509_certificate(certificate).not_valid_after_utc


def names_of(certificate: bytes) -> set[str]:
    """The host names and addresses a server's certificate (PEM) stands for."""
    found = x509.load_pem_x509_certificate(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(name.value) for name in found.value}


_CRITICAL = (x509.BasicConstraints, x509.KeyUsage)


def _authority(hall_name: str, now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = f"Loket {hall_name}"[:64]  # X.509 allows a common name no more
    ends = now + timedelta(days=365 * AUTHORITY_YEARS)
    builder = _builder(name, _subject(name), key, now, ends)
    for extension in (x509.BasicConstraints(ca=True, path_length=0), _usage(signs=True)):
        builder = builder.add_extension(extension, critical=True)
    return _pair(builder.sign(key, hashes.SHA256()), key)


def _builder(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, _subject(name), key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now.astimezone(UTC) - CLOCK_SLACK).not_valid_after(ends)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    return Pair(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
