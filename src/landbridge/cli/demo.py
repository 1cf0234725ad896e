"""`landbridge demo`: the whole product on a sample estate, in one command."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from landbridge.assembly.platform import opened
from landbridge.cli.discover import start
from landbridge.cli.options import Json
from landbridge.cli.output import FOUND_WRONG, OK, console, notices, print_json, show_problem
from landbridge.cli.results import report, show
from landbridge.cli.running import run
from landbridge.cli.serve import run_server, show_address
from landbridge.cli.watching import watch
from landbridge.flows.states import FlowStatus
from landbridge.identity.local import local_access, local_engagement
from landbridge.kit.ports import PortInUse, usable_port
from landbridge.kit.settings import settings
from landbridge.samples.writing import write

ACCOUNT = "Sample company"
ENGAGEMENT = "Data centre exit"


def demo(*, once: bool = False, port: int | None = None, json: Json = False) -> int:
    """Run Discovery on the bundled sample estate, show the result, and serve the web UI.

    The estate is generated: about 400 servers seen by RVTools, ServiceNow, a connection
    collector and a German spreadsheet, with duplicates, contradictions and dirt.

    Example: landbridge demo

    Parameters
    ----------
    once
        Stop after the result instead of serving the web UI.
    port
        Port of the web UI; LANDBRIDGE_PORT, or 8400, or any free one when that is taken.
    """
    started = time.monotonic()
    with opened() as platform, tempfile.TemporaryDirectory(prefix="landbridge-") as directory:
        access = local_access(platform.databases, settings().data_dir, ACCOUNT)
        engagement_id = local_engagement(platform.databases, access, ENGAGEMENT)
        if not json:
            notices().print("Generating the sample estate and discovering it …")
        files = write(Path(directory)).files
        flow_id = start(platform, access, engagement_id, files, approve="auto")
        flow = watch(run(platform, access, flow_id), quiet=json)
        result = report(platform, access, flow, None, time.monotonic() - started)
        address, number = settings().host, settings().port
        if not once:
            address, number = _address(port)
        path = result["url"].partition("/accounts/")[2]
        result["url"] = f"http://{address}:{number}/accounts/{path}"
        if json:
            print_json(result)
        else:
            show(result)
        if flow.status != FlowStatus.COMPLETED:
            if flow.error and not json:
                show_problem(flow.error)
            return FOUND_WRONG
        if once:
            if not json:
                console().print(f"'landbridge serve' shows it at {result['url']}", soft_wrap=True)
            return OK
        show_address(platform, address, number, path=_path_of_inventory(result["url"]))
        run_server(platform, address, number, with_worker=True)
    return OK


def _address(port: int | None) -> tuple[str, int]:
    if port is not None:
        return usable_port(settings().host, port)
    try:
        return usable_port(settings().host, settings().port)
    except PortInUse:
        return usable_port(settings().host, 0)


def _path_of_inventory(flow_url: str) -> str:
    path = "/" + flow_url.split("/", 3)[3]
    return path.partition("/flows/")[0]
