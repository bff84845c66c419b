"""What PostgreSQL keeps of a password (RFC 5802, 7677): enough to check it, not enough to sign in with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

ITERATIONS = 4096


def new_secret() -> str:
    """A password of 256 random bits, in plain letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(32)


def verifier(secret: str) -> str:
    """What goes into ``ALTER ROLE ... PASSWORD`` in the secret's place, so that no server or log ever sees it."""
    if not secret.isascii() or not secret.isprintable():
        raise ValueError("only a secret in plain ASCII is the same before and after SASLprep")
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    served = hmac.digest(salted, b"Server Key", "sha256")
    shown = [base64.b64encode(part).decode() for part in (salt, stored, served)]
    return f"SCRAM-SHA-256${ITERATIONS}:{shown[0]}${shown[1]}:{shown[2]}"
