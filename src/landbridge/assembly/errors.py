"""What can be wrong with an installation as a whole."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class NoWorkerRuns(LandbridgeError):
    """No worker has given a sign of life lately. Pages and the API answer, and what is started is
    kept, but nothing of it goes on.
    """

    code = "NO_WORKER_RUNS"
    title = "No worker is running"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "No worker executes flows at the moment."
    remedy = "Start one: landbridge worker, or landbridge serve, which brings its own."


class WorkerSilent(LandbridgeError):
    """A worker holds a lease that has run out: its process is stopped, cut off or overloaded.
    Another worker takes its flows over as soon as it sees that.
    """

    code = "WORKER_SILENT"
    title = "A worker gives no sign of life"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{silent} workers gave no sign of life, the longest for {seconds} s."
    remedy = "Look at the worker's log and machine; start another with 'landbridge worker'."


class DiskSpaceLow(LandbridgeError):
    """Little space is left where this installation keeps its data. A full disk stops the
    database.
    """

    code = "DISK_SPACE_LOW"
    title = "The disk is almost full"
    status = 507
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "{free_mib} MiB are free where the data is kept; {needed_mib} are needed."
    remedy = "Free space on that disk, or move LANDBRIDGE_DATA_DIR to a larger one."


class MetricsNotInstalled(LandbridgeError):
    """Metrics are an extra of the package, so that the core stays small."""

    code = "METRICS_NOT_INSTALLED"
    title = "The extra for metrics is not installed"
    status = 503
    category = Category.DEPENDENCY
    message = "Metrics are switched on, but the package's extra 'metrics' is not installed."
    remedy = "Install it: pip install 'landbridge[metrics]'"


class TelemetryNotInstalled(LandbridgeError):
    """OpenTelemetry's exporters are an extra of the package, so that the core stays small."""

    code = "TELEMETRY_NOT_INSTALLED"
    title = "The extra for OpenTelemetry is not installed"
    status = 503
    category = Category.DEPENDENCY
    message = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the package's extra 'otel' is not installed."
    remedy = "Install it: pip install 'landbridge[otel]', or unset the variable."


class NotReady(LandbridgeError):
    """This server cannot serve requests now. It tells the probes that ask, so that requests go to
    another, and says for each condition whether it holds.
    """

    code = "NOT_READY"
    title = "The server cannot serve requests now"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "Not passed: {failed}."
    remedy = "Each failed check says in its own remedy what to do."
