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
from landbridge.errors.foreign import translated
from landbridge.errors.system_errors import TranslationUnreadable
from landbridge.kit import jsonio
from landbridge.kit.logging import configure_logging
from landbridge.kit.origin import Origin, set_origin
from landbridge.kit.scene import begin_scene, current_scene
from landbridge.kit.setting_errors import SettingInvalid
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
    set_trace_id(current_trace_id())
    set_origin(Origin("cli"))
    begin_scene(place)
    try:
        configure_logging()
        _install_translations()
        result = command()
    except KeyboardInterrupt:
        notices().print("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except SettingInvalid as error:  # nothing else can be said of how to log it
        show_error(error, current_trace_id(), as_json=as_json)
        return exit_code(error)
    except Exception as error:
        known = translated(error)
        if known.category is Category.BUG:
            log.exception("command_failed", code=known.code, place=place)
        record(known, as_json=as_json)
        show_error(known, current_trace_id(), as_json=as_json)
        return exit_code(known)
    return result if isinstance(result, int) else OK


def record(error: LandbridgeError, *, as_json: bool) -> None:
    """Note an error, and log it unless the block that people see stands where the log would.

    Args:
        error: what is wrong with what was asked for, or around us.
        as_json: it is told as JSON instead of the block.
    """
    from landbridge.occurrences.noting import note_escaping

    scene = current_scene()
    place = scene.place if scene else None
    shown = not as_json and settings().log_format == "console"
    if error.category is not Category.BUG and not shown:
        tell = log.warning if error.status >= 500 else log.info
        tell("command_refused", code=error.code, place=place)
    note_escaping(error)
