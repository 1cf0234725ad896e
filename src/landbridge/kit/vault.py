"""Secrets that the database keeps and must be able to give back are sealed before it gets them.

Who reads the database, a copy or a backup of it finds nothing to sign in or to sign with: the key
is never there. What need not be given back (passwords, keys, sessions, links) is hashed instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from landbridge.kit.files import write_once
from landbridge.kit.settings import Settings
from landbridge.kit.vault_errors import SecretsKeyInvalid, SecretsKeyUnavailable, SecretsKeyWrong

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

KEY_FILE: Final = "secrets-key"
MARK: Final = "gAAAA"
"""Sealed texts begin with this, and nothing else that is kept does."""


class Vault:
    """Seals and opens with the keys of the settings, or those of the data directory.

    The first key seals, each of them opens. They are read anew every time, so that a new key
    counts at once. The file is made on first use, readable by its owner only.
    """

    def __init__(self, settings: Settings) -> None:
        self._configured = settings.secrets_key
        self._path = settings.data_dir / KEY_FILE

    def seal(self, purpose: str, secret: bytes) -> bytes:
        """A sealed text of ASCII characters.

        Args:
            purpose: what the secret is of; it opens for nothing else.
            secret: any bytes.

        Raises:
            SecretsKeyUnavailable, SecretsKeyInvalid: there is no key.
        """
        return self._keys().encrypt(purpose.encode() + b"\0" + secret)

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """What was sealed for this purpose.

        Raises:
            SecretsKeyWrong: none of the keys opens it, or it was sealed for another purpose.
            SecretsKeyUnavailable, SecretsKeyInvalid: there is no key.
        """
        from cryptography.fernet import InvalidToken

        try:
            named, _, secret = self._keys().decrypt(sealed).partition(b"\0")
        except InvalidToken:
            raise SecretsKeyWrong(purpose=purpose) from None
        if named != purpose.encode():
            raise SecretsKeyWrong(purpose=purpose)
        return secret

    def opens(self, purpose: str, sealed: bytes) -> bool:
        """Whether the keys of this machine open it.

        Raises:
            SecretsKeyUnavailable, SecretsKeyInvalid: there is no key.
        """
        try:
            self.open(purpose, sealed)
        except SecretsKeyWrong:
            return False
        return True

    def renewed(self, purpose: str, sealed: bytes) -> bytes:
        """The same secret, sealed with the first key.

        Raises:
            SecretsKeyWrong, SecretsKeyUnavailable, SecretsKeyInvalid: as `open`.
        """
        return self.seal(purpose, self.open(purpose, sealed))

    def add_key(self) -> bool:
        """Make another key the first one; False where a setting gives the keys.

        Raises:
            SecretsKeyUnavailable: the file cannot be written.
        """
        from cryptography.fernet import Fernet

        if self._configured is not None:
            return False
        fresh = self._path.with_name(f".{KEY_FILE}.new")
        try:
            fresh.unlink(missing_ok=True)
            write_once(fresh, f"{Fernet.generate_key().decode()}\n{self._text()}")
            fresh.replace(self._path)
        except OSError as error:
            raise _unavailable(self._path, error) from error
        return True

    def _keys(self) -> MultiFernet:
        from cryptography.fernet import Fernet, MultiFernet

        try:
            keys = [Fernet(key) for key in self._text().replace(",", " ").split()]
        except ValueError:
            raise SecretsKeyInvalid from None
        if not keys:
            raise SecretsKeyInvalid
        return MultiFernet(keys)

    def _text(self) -> str:
        from cryptography.fernet import Fernet

        if self._configured is not None:
            return self._configured.get_secret_value()
        try:
            if not self._path.exists():
                write_once(self._path, Fernet.generate_key().decode() + "\n")
            return self._path.read_text(encoding="ascii")
        except UnicodeDecodeError:
            raise SecretsKeyInvalid from None
        except OSError as error:
            raise _unavailable(self._path, error) from error


def _unavailable(path: Path, error: OSError) -> SecretsKeyUnavailable:
    reason = (error.strerror or "unknown reason").lower()
    return SecretsKeyUnavailable(path=str(path), reason=reason)
