"""The embedded server's settings: durable, small enough for a laptop."""

from __future__ import annotations

from typing import Final

import psutil

_MIB: Final = 1 << 20


def _shared_buffers() -> str:
    """An eighth of the machine's memory, 128 MB to 1 GB: the indexes of a large estate fit, and
    what is not touched takes no memory.
    """
    return f"'{min(max(psutil.virtual_memory().total // 8 // _MIB, 128), 1024)}MB'"


CONFIGURATION = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "200",
    "shared_buffers": _shared_buffers(),
    "effective_cache_size": "'1GB'",
    "work_mem": "'16MB'",
    # What Discovery stages at a time stays in memory.
    "temp_buffers": "'32MB'",
    "maintenance_work_mem": "'128MB'",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'2GB'",
    "checkpoint_timeout": "'15min'",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    # A container's /dev/shm of 64 MB is too small for the segments of parallel queries.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "logging_collector": "on",
    "log_directory": "'log'",
    "log_filename": "'postgresql-%a.log'",
    "log_rotation_age": "'1d'",
    "log_truncate_on_rotation": "on",
}
