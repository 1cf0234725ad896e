"""The key that signs checkpoints, and the keys that are trusted to have signed them.

The private key is never in the database: whoever can write there must not be able to sign.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from landbridge.audit.errors import AuditKeyConfigured, AuditKeyUnavailable
from landbridge.audit.notes import SigningKey, VerifierKey
from landbridge.kit.files import write_once
from landbridge.kit.settings import Settings

NAME: Final = "landbridge-audit"
KEY_FILE: Final = "audit-signing-key"
RETIRED_FILE: Final = "audit-retired-keys"


def signing_key(settings: Settings) -> SigningKey:
    """The key of the settings, or that of the data directory, made on first use.

    Raises:
        AuditKeyUnavailable: it cannot be read or written.
        AuditKeyInvalid: it is no key.
    """
    if settings.audit_signing_key is not None:
        return SigningKey.parse(settings.audit_signing_key.get_secret_value())
    path = settings.data_dir / KEY_FILE
    try:
        if not path.exists():
            write_once(path, SigningKey.generate(NAME).text + "\n")
        return SigningKey.parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unavailable(path, error) from error


def trusted_keys(settings: Settings) -> list[VerifierKey]:
    """The public keys whose signatures count: the present one, the retired ones, and those of
    the settings.

    Raises:
        AuditKeyUnavailable, AuditKeyInvalid: one of them cannot be read.
    """
    path = settings.data_dir / RETIRED_FILE
    try:
        retired = path.read_text(encoding="utf-8").split() if path.exists() else []
    except OSError as error:
        raise _unavailable(path, error) from error
    texts = [*retired, *settings.audit_trusted_keys.replace(",", " ").split()]
    return [signing_key(settings).verifier, *map(VerifierKey.parse, texts)]


def rotate(settings: Settings) -> SigningKey:
    """Retire the key of the data directory and make another; the retired one stays trusted.

    Raises:
        AuditKeyConfigured: the key is given by a setting.
        AuditKeyUnavailable: the files cannot be written.
    """
    if settings.audit_signing_key is not None:
        raise AuditKeyConfigured
    old = signing_key(settings)
    path = settings.data_dir / KEY_FILE
    try:
        with (settings.data_dir / RETIRED_FILE).open("a", encoding="utf-8") as file:
            file.write(old.verifier.text + "\n")
        path.unlink()
    except OSError as error:
        raise _unavailable(path, error) from error
    return signing_key(settings)


def _unavailable(path: Path, error: OSError) -> AuditKeyUnavailable:
    reason = (error.strerror or "unknown reason").lower()
    return AuditKeyUnavailable(path=str(path), reason=reason)
