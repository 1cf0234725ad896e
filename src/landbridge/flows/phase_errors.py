"""What can go wrong while a phase runs."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class PhaseCodeMissing(LandbridgeError):
    """The flow was started from a definition with a phase or a gate that this process has no code
    for. Workers leave such a phase to one that has it.
    """

    code = "PHASE_CODE_MISSING"
    title = "This version cannot run a phase of the flow"
    status = 500
    category = Category.BUG
    message = "The phase {phase} of flow type {flow_type} is not part of this version."
    remedy = "Run a worker of the version that started the flow, or start the flow anew."


class PhaseTimedOut(LandbridgeError):
    """A phase took longer than its definition allows. What it had written was rolled back."""

    code = "PHASE_TIMED_OUT"
    title = "A phase took too long"
    status = 504
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The phase {phase} took longer than the {seconds:g} s it may take."
    remedy = "Retry the flow. If it happens again, split the input or raise the phase's time-out."


class PhaseWorkerLost(LandbridgeError):
    """The worker that ran this phase ended without a word: it was killed, ran out of memory, or
    its machine went away. Nothing of the attempt was committed, and another worker takes it up.
    """

    code = "PHASE_WORKER_LOST"
    title = "A worker died while it ran a phase"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "The worker that ran the phase {phase} is gone; another one takes it up."
    remedy = "Nothing, if it happens once. Otherwise look at the memory limits of the workers."


class PhasePoisoned(LandbridgeError):
    """Each time a worker ran this phase, the worker died: out of memory, killed, or a crash in
    a library. To protect the other flows the phase is not given to another worker.
    """

    code = "PHASE_POISONED"
    title = "A phase brings its worker down"
    status = 500
    category = Category.BUG
    message = (
        "The phase {phase} was begun {times} times and its worker died each time; the last was "
        "{executor}."
    )
    remedy = (
        "Look at the memory limits and the system log of that worker, then retry the flow from "
        "this phase."
    )
