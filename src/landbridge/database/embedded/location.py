"""Where the embedded server lives and which operating-system user runs it."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from landbridge.database.embedded.errors import NoUnprivilegedUser
from landbridge.database.errors import DatabaseDiskFull, DataDirectoryNotWritable

SYSTEM_DIRECTORY = Path("/var/lib/landbridge")
PREFERRED_USERS = ("landbridge", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """An unprivileged operating-system user and its groups."""

    uid: int
    gid: int
    groups: frozenset[int]

    def may_enter(self, directory: Path) -> bool:
        """Whether this user may pass through `directory`, by its mode bits."""
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid or status.st_gid in self.groups:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def may_reach(self, path: Path) -> bool:
        """Whether this user may pass through every directory above `path`."""
        return all(self.may_enter(parent) for parent in path.parents if parent.exists())


@dataclass(frozen=True, slots=True)
class Location:
    """The server's own directory.

    Attributes:
        home: holds the cluster, its password, its lock and its logs.
        user: who runs the server; None for the current user.
    """

    home: Path
    user: ServiceUser | None

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return self.home / "data"

    @property
    def password_file(self) -> Path:
        """The superuser's password, readable by its owner only."""
        return self.home / "superuser.password"

    @property
    def startup_log(self) -> Path:
        """What the server says before its log collector runs."""
        return self.home / "startup.log"

    def give(self, path: Path) -> None:
        """Make the running user the owner of `path`."""
        if self.user:
            os.chown(path, self.user.uid, self.user.gid)


def is_root() -> bool:
    """Whether this process is root on a system that knows root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def locate(data_dir: Path) -> Location:
    """The location for a data directory; made when it is missing.

    As root the server runs as an unprivileged user. Where that user cannot reach the data
    directory (a private HOME, for instance), the cluster lives under /var/lib/landbridge
    instead: no parent directory is opened for it.

    Raises:
        DataDirectoryNotWritable: the directory cannot be made or written.
        NoUnprivilegedUser: run as root on a system without any other user.
    """
    data_dir = _absolute(data_dir)
    make_private(data_dir)
    home = data_dir / "postgres"
    if not is_root():
        make_private(home)
        return Location(home, None)
    user = _service_user(home)
    if user.may_reach(data_dir):
        if not user.may_enter(data_dir):
            data_dir.chmod(0o711)
    else:
        digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
        _made(SYSTEM_DIRECTORY, 0o711)
        home = SYSTEM_DIRECTORY / digest
        user = _service_user(home)
    location = Location(_made(home), user)
    location.give(home)
    return location


def make_private(directory: Path) -> None:
    """Make `directory` for its owner only, unless it is there.

    Raises:
        DataDirectoryNotWritable: it cannot be made or written.
    """
    _made(directory)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise DataDirectoryNotWritable(path=str(directory), reason="no permission to write")


def _made(directory: Path, mode: int = 0o700) -> Path:
    try:
        if not directory.is_dir():
            directory.mkdir(parents=True, mode=mode, exist_ok=True)
            directory.chmod(mode)
    except OSError as e:
        raise refused(e, directory) from e
    return directory


def refused(error: OSError, path: Path) -> DatabaseDiskFull | DataDirectoryNotWritable:
    """The catalogued error for a file operation that the system refused."""
    if error.errno == errno.ENOSPC:
        return DatabaseDiskFull()
    return DataDirectoryNotWritable(
        path=str(path), reason=(error.strerror or "unknown reason").lower()
    )


def _absolute(directory: Path) -> Path:
    try:
        return directory.expanduser().resolve()
    except OSError as e:
        raise refused(e, directory) from e
    except RuntimeError as e:
        raise DataDirectoryNotWritable(
            path=str(directory), reason="no home directory is known"
        ) from e


def _service_user(home: Path) -> ServiceUser:
    """The owner of an existing cluster, else the first preferred user, else any other."""
    if sys.platform == "win32":
        raise NoUnprivilegedUser
    import grp
    import pwd

    users = {user.pw_uid: user for user in pwd.getpwall() if user.pw_uid != 0}
    owner = home.stat().st_uid if home.exists() else 0
    by_name = {user.pw_name: user for user in users.values()}
    preferred = [by_name[name] for name in PREFERRED_USERS if name in by_name]
    chosen = users.get(owner) or next(iter([*preferred, *users.values()]), None)
    if chosen is None:
        raise NoUnprivilegedUser
    groups = frozenset(g.gr_gid for g in grp.getgrall() if chosen.pw_name in g.gr_mem)
    return ServiceUser(chosen.pw_uid, chosen.pw_gid, groups)
