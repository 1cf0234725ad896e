from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table

CMDB = table(TableRole.ASSETS, "servicenow_server_labels", name="servers.csv")
ROWS: list[dict[str, Any]] = [{"hostname": f"web{n:03}"} for n in range(50)]


def test_two_imports_at_once_create_nothing_twice(bench: Bench) -> None:
    with ThreadPoolExecutor(4) as pool:
        outs = list(pool.map(lambda _: bench.run((CMDB, ROWS)), range(4)))
    assert sorted(o.assets_created for o in outs) == [0, 0, 0, 50]
    assert bench.query("select count(*) from app.assets")[0][0] == 50
