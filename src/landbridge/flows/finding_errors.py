"""What the watchdog finds, as errors that operators see counted; it heals each by itself."""

from __future__ import annotations

from typing import Final

from landbridge.errors.catalogue import Category, LandbridgeError, Retry
from landbridge.flows.diagnosis import Finding


class WatchdogFinding(LandbridgeError):
    """What all findings have in common."""

    status = 503
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    remedy = "Nothing: it was healed. If it happens often, run 'landbridge flows doctor'."


class FlowWithoutJob(WatchdogFinding):
    """A phase of the flow could run, but the engine had no job for it. That is so after the
    database was restored, or when its rows were changed by hand.
    """

    code = "WATCHDOG_NO_JOB"
    title = "A flow had no job"
    message = "Flow {flow_id} could go on, but the engine had no job for it."


class FlowWithoutWorker(WatchdogFinding):
    """The worker that ran a phase of the flow was gone, and nobody had taken over."""

    code = "WATCHDOG_WORKER_LOST"
    title = "A flow's worker was gone"
    message = "The worker of flow {flow_id} was gone, and nobody had taken over."


class FlowAbandoned(WatchdogFinding):
    """A worker that lives held a phase of the flow, and no longer ran it."""

    code = "WATCHDOG_ABANDONED"
    title = "A worker held a phase without running it"
    message = "A worker held a phase of flow {flow_id} without running it."


class FlowOverdue(WatchdogFinding):
    """A phase of the flow ran for longer than its definition allows, and did not stop by itself."""

    code = "WATCHDOG_OVERDUE"
    title = "A phase did not end in time"
    category = Category.CAPACITY
    message = "A phase of flow {flow_id} ran for longer than it may."


class FlowStatusBehind(WatchdogFinding):
    """The flow's status was not what its phases call for. Every step settles it, so this is a
    defect of ours, or rows were changed by hand.
    """

    code = "WATCHDOG_STATUS_BEHIND"
    title = "A flow's status was wrong"
    category = Category.BUG
    message = "The status of flow {flow_id} was not what its phases call for."


class FlowGateOverdue(WatchdogFinding):
    """The deadline of a gate had passed for half a minute without effect: no worker was there to
    apply it.
    """

    code = "WATCHDOG_GATE_OVERDUE"
    title = "A gate's deadline had passed without effect"
    category = Category.CAPACITY
    message = "A deadline of flow {flow_id} had passed without effect."


class FlowOrphanedWait(WatchdogFinding):
    """A phase of the flow waited at a gate, but nobody was asked. Both are written in one
    transaction, so this is a defect of ours, or rows were changed by hand.
    """

    code = "WATCHDOG_ORPHANED_WAIT"
    title = "A flow waited for nobody"
    category = Category.BUG
    message = "Flow {flow_id} waited for a decision that nobody was asked for."


class FlowEventGap(WatchdogFinding):
    """The event log of the flow had a gap. Events are numbered under the flow's lock, so this is
    a defect of ours, or rows were changed by hand.
    """

    code = "WATCHDOG_EVENT_GAP"
    title = "A flow's event log had a gap"
    category = Category.BUG
    message = "The event log of flow {flow_id} had a gap."


FOUND: Final[dict[Finding, type[WatchdogFinding]]] = {
    Finding.NO_JOB: FlowWithoutJob,
    Finding.WORKER_LOST: FlowWithoutWorker,
    Finding.ABANDONED: FlowAbandoned,
    Finding.OVERDUE: FlowOverdue,
    Finding.STATUS_BEHIND: FlowStatusBehind,
    Finding.GATE_OVERDUE: FlowGateOverdue,
    Finding.ORPHANED_WAIT: FlowOrphanedWait,
    Finding.EVENT_GAP: FlowEventGap,
}
