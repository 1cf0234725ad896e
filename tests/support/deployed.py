"""A worker with the flow types of the packages that its environment has, as `landbridge worker`."""

from __future__ import annotations

from landbridge.assembly.flow_types import flow_types
from tests.support.shapes import work

if __name__ == "__main__":
    work(flow_types())
