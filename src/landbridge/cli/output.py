"""How commands speak: JSON on request, one error block, the agreed exit codes."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import structlog
from rich.console import Console
from rich.panel import Panel
from rich.table import Column
from rich.text import Text

from landbridge.errors import wording
from landbridge.errors.catalogue import Category, LandbridgeError
from landbridge.errors.common import InternalError
from landbridge.errors.foreign import translated
from landbridge.errors.system_errors import TranslationUnreadable
from landbridge.kit import jsonio
from landbridge.kit.logging import configure_logging
from landbridge.kit.origin import Origin, set_origin
from landbridge.kit.scene import begin_scene
from landbridge.kit.settings import settings
from landbridge.kit.tracing import current_trace_id, set_trace_id

OK: Final = 0
FOUND_WRONG: Final = 1
USAGE: Final = 2
ENVIRONMENT: Final = 3
INTERRUPTED: Final = 130

log = structlog.get_logger(__name__)


@cache
def console() -> Console:
    """What the command has to say: standard output. Texts are printed as they are: a client's
    cell may look like markup.
    """
    return Console(highlight=False, markup=False)


@cache
def notices() -> Console:
    """Progress, hints and errors: standard error."""
    return Console(stderr=True, highlight=False, markup=False)


def identity(title: str) -> Column:
    """A column of ids: they are there to be copied, so they are never cut."""
    return Column(title, no_wrap=True, min_width=36)


def print_json(value: Any) -> None:
    """Print a JSON document, and nothing else, on standard output."""
    sys.stdout.write(jsonio.dumps(value) + "\n")
    sys.stdout.flush()


def exit_code(error: LandbridgeError) -> int:
    """The exit code of an error."""
    if error.category in {Category.DEPENDENCY, Category.CAPACITY}:
        return ENVIRONMENT
    return FOUND_WRONG


def show_problem(problem: dict[str, Any]) -> None:
    """Print a problem body: what happened, what to do, its code and trace id."""
    body = Text()
    body.append(problem["detail"] + "\n\n")
    body.append("What to do  ", style="bold")
    body.append(problem["remedy"] + "\n")
    body.append(f"{problem['code']} · trace {problem.get('trace_id', '–')}", style="dim")
    body.append(f"\nlandbridge errors explain {problem['code']}", style="dim")
    notices().print(Panel(body, title=problem["title"], title_align="left", border_style="red"))


def show_error(error: LandbridgeError, trace_id: str, *, as_json: bool) -> None:
    """Print an error as JSON on standard output, or as a block on standard error."""
    problem = error.problem(trace_id=trace_id)
    if as_json:
        print_json({"error": problem})
    else:
        show_problem(problem)


def _install_translations() -> None:
    chosen = settings()
    try:
        wording.install(chosen.translations_dir, chosen.language)
    except (OSError, ValueError, struct.error) as error:
        raise TranslationUnreadable(folder=str(chosen.translations_dir)) from error


def guarded(command: Callable[[], Any], *, as_json: bool, place: str = "command") -> int:
    """Run a command; every failure becomes an error block and an exit code, and is recorded
    where a database was open.
    """
    configure_logging()
    set_trace_id(current_trace_id())
    set_origin(Origin("cli"))
    begin_scene(place)
    try:
        _install_translations()
        result = command()
    except KeyboardInterrupt:
        notices().print("Interrupted.")
        return INTERRUPTED
    except LandbridgeError as error:
        _record(error)
        show_error(error, current_trace_id(), as_json=as_json)
        return exit_code(error)
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except Exception as error:
        known = translated(error)
        if isinstance(known, InternalError):
            log.exception("command_failed_unexpectedly")
        _record(error)
        show_error(known, current_trace_id(), as_json=as_json)
        return exit_code(known)
    return result if isinstance(result, int) else OK


def _record(error: Exception) -> None:
    from landbridge.occurrences.noting import note_escaping

    note_escaping(error)
