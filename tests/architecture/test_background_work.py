"""Background work is held, waited for and heard of: nothing of it may die in silence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import ROOT, python_files

PRODUCT = python_files("src")
TASKS = {"create_task", "ensure_future", "run_coroutine_threadsafe"}


def trees() -> Iterator[tuple[Path, ast.AST]]:
    for path in PRODUCT:
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "attr", getattr(function, "id", ""))


def test_every_task_is_kept_by_whoever_begins_it() -> None:
    dropped = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and called(node.value) in TASKS
    ]
    assert dropped == []


def test_no_handler_catches_everything_and_goes_on_in_silence() -> None:
    """A handler of all exceptions raises, records or logs; none is empty."""
    silent = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node) and not says_something(node)
    ]
    assert silent == []


def catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )


def says_something(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise | ast.Call) for node in ast.walk(handler))


def test_nothing_polls_by_sleeping() -> None:
    """Waiting is done on an event, a condition or a notification, with a time-out. A function
    may sleep only to let more news come in before it goes back to such a wait.
    """
    sleeping = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (calls := {called(inner) for inner in ast.walk(node)}) & {"sleep"}
        if not (isinstance(node, ast.AsyncFunctionDef) and "wait" in calls)
    ]
    assert sleeping == []


RECORDS = {"note", "note_background", "note_escaping", "_record", "record"}
RAISED_OR_ITSELF = {"src/landbridge/flows/types.py", "src/landbridge/occurrences/recorder.py"}


def test_a_failure_that_is_logged_with_its_frames_is_recorded_for_operators() -> None:
    forgotten = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        if str(path) not in RAISED_OR_ITSELF
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        if logs_frames(node) and not {called(inner) for inner in ast.walk(node)} & RECORDS
    ]
    assert forgotten == []


def logs_frames(handler: ast.ExceptHandler) -> bool:
    return any(
        called(node) == "exception" or any(k.arg == "exc_info" for k in node.keywords)
        for node in ast.walk(handler)
        if isinstance(node, ast.Call)
    )
