"""`landbridge serve` and `landbridge worker`."""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import ExitStack, nullcontext

import uvicorn

from landbridge.api.wire import Wire
from landbridge.assembly.platform import Platform
from landbridge.assembly.telemetry import exporting
from landbridge.audit.anchoring import Checkpointing
from landbridge.cli.output import OK, console, notices
from landbridge.cli.stopping import StoppableServer
from landbridge.cli.supervision import SupervisedWorker
from landbridge.cli.telling import counting, telling
from landbridge.cli.waiting import listening, patiently_opened
from landbridge.identity import federated, set_up
from landbridge.identity.keys import create_sign_in_link
from landbridge.identity.local import local_user
from landbridge.identity.oidc_provider import Provider
from landbridge.kit.ports import usable_port
from landbridge.kit.settings import settings
from landbridge.occurrences.recorder import recording
from landbridge.offboarding.due import Erasing
from landbridge.web.app import create_app
from landbridge.worker.runtime import running_worker

PARENT_CHECK_SECONDS = 1.0


def serve(*, host: str | None = None, port: int | None = None, worker: bool = True) -> int:
    """Serve the web UI and the API, and execute flows.

    Flows run in a worker process of their own, which is started again when it dies. Further
    workers may run on other machines: 'landbridge worker'.

    Example: landbridge serve --port 8400

    Parameters
    ----------
    host
        Address to listen on; LANDBRIDGE_HOST, or this machine only.
    port
        Port to listen on; LANDBRIDGE_PORT, or 8400; 0 takes any free one.
    worker
        Also execute flows. With --no-worker only pages and the API are served.
    """
    address, number = usable_port(
        host or settings().host, settings().port if port is None else port
    )
    with (
        listening(address, number) as listener,
        exporting("server"),
        counting(settings()),
        patiently_opened(settings(), threading.Event(), listener) as platform,
        telling(settings(), platform.databases.app),
    ):
        show_entrance(platform, address, number)
        run_server(platform, address, number, with_worker=worker, listener=listener)
    return OK


def worker(*, with_parent: int | None = None) -> int:
    """Execute flows, without serving pages. Run as many as you like, on any machine.

    Example: landbridge worker

    Parameters
    ----------
    with_parent
        Stop when the process with this id is no longer the parent.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with (
        exporting("worker"),
        counting(settings(), alone=with_parent is None),
        patiently_opened(settings(), stop) as platform,
        telling(settings(), None) if with_parent is None else nullcontext(),
        Checkpointing(platform.databases.worker, settings()),
        Erasing(platform.databases.owner),
        recording(platform.databases.worker, settings(), forgets=True),
        running_worker(platform.databases.worker, platform.types) as running,
    ):
        if with_parent is None:
            notices().print(f"Worker {running.executor_id} executes flows. Ctrl-C stops it.")
        while not stop.wait(PARENT_CHECK_SECONDS):
            if with_parent is not None and os.getppid() != with_parent:
                break
    return OK


def run_server(
    platform: Platform,
    host: str,
    port: int,
    *,
    with_worker: bool,
    listener: socket.socket | None = None,
) -> None:
    """Serve until interrupted, at a socket that listens already, if there is one.

    Raises:
        KeyboardInterrupt: interrupted twice.
    """
    app = create_app(platform.databases, platform.orchestrator, settings())
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Wire,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    with ExitStack() as stack:
        if with_worker:
            stack.enter_context(SupervisedWorker())
        StoppableServer(config).run(sockets=[listener] if listener else None)


def show_entrance(platform: Platform, host: str, port: int) -> None:
    """Print where the pages are; before anybody has a password, the link that gives the first."""
    base = base_url(host, port)
    provider = Provider.of(settings())
    if provider is not None and platform.databases.owner is not None:
        federated.trust(platform.databases.owner, provider)
    if not set_up.is_set_up(platform.databases.app):
        if platform.databases.owner is not None:
            token = set_up.new_link(platform.databases.owner).text
            console().print(
                f"Nobody can sign in yet. Set up with this link, once, within 24 hours:\n"
                f"{base}/set-up?token={token}",
                soft_wrap=True,
            )
        else:
            console().print("Nobody can sign in yet: 'landbridge sign-in set-up' makes the link.")
    console().print(f"Serving {base}/  (Ctrl-C stops)", soft_wrap=True)


def show_address(platform: Platform, host: str, port: int, path: str = "/") -> str:
    """Print where the pages are, with a link that signs the local user in; returns the link."""
    base = base_url(host, port)
    if platform.databases.owner is None:
        console().print(f"Serving {base}{path}  (Ctrl-C stops)", soft_wrap=True)
        return base + path
    user = local_user(platform.databases, settings().data_dir)
    token = create_sign_in_link(platform.databases.owner, user).text
    link = f"{base}/sign-in?token={token}&next={path}"
    console().print(f"Open {link}\n(Ctrl-C stops)", soft_wrap=True)
    return link


def base_url(host: str, port: int) -> str:
    """Where this machine's browser finds the pages."""
    if settings().public_url:
        return str(settings().public_url).rstrip("/")
    return f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared, not bound
