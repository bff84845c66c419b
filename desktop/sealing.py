"""A key sealed for whoever knows a secret: imported late, for an ordinary start needs none of it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from typing import Any

# RFC 9106's second choice with one lane: 64 MiB, three passes, 160 ms; each guess of a thief costs as much.
_MEMORY, _PASSES = 64 * 1024, 3


def proof(key: str, slot_id: str, public: str) -> str:
    """What only who has the key can make of a slot."""
    return hmac.new(key.encode(), f"{slot_id}\n{public}".encode(), hashlib.sha256).hexdigest()


def private_key(secret: str, salt: str) -> Any:
    """The private half that a secret stands for: the same in, the same out, and slow to guess."""
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    # The same letters typed on another keyboard must be the same password.
    text = unicodedata.normalize("NFKC", secret).encode()
    return X25519PrivateKey.from_private_bytes(
        hash_secret_raw(text, bytes.fromhex(salt), _PASSES, _MEMORY, 1, hash_len=32, type=Type.ID)
    )


def seal(public: str, key: str) -> str:
    """The key, sealed for the private half of ``public``."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    sender, nonce = once.public_key().public_bytes_raw(), secrets.token_bytes(12)
    text: bytes = _cipher(shared, sender, bytes.fromhex(public)).encrypt(nonce, key.encode(), None)
    return (sender + nonce + text).hex()


def unseal(private: Any, sealed: str) -> str:
    """The key again; cryptography's InvalidTag where it was sealed for somebody else, or changed."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    told = bytes.fromhex(sealed)
    sender, nonce, text = told[:32], told[32:44], told[44:]
    shared = private.exchange(X25519PublicKey.from_public_bytes(sender))
    opened: bytes = _cipher(shared, sender, private.public_key().public_bytes_raw()).decrypt(nonce, text, None)
    return opened.decode()


def _cipher(shared: bytes, sender: bytes, receiver: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return AESGCM(HKDF(SHA256(), 32, salt=sender + receiver, info=b"loket slot").derive(shared))
