"""What every RVTools sheet about VMs shares: the VM as the vCenter knows it, and the columns that
surround each row's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from landbridge.samples.machines import TODAY
from landbridge.samples.model import Machine
from landbridge.samples.names import VCENTER
from landbridge.samples.tables import Column, constant

VCENTER_UUID: Final = "7d2f6c1e-58d0-4a57-9f4e-2b9a3f0c6d11"


@dataclass(frozen=True, slots=True)
class VmView:
    """One VM as the vCenter knows it.

    Attributes:
        service: value of the custom attribute "Business service".
        owner: value of the custom attribute "Service owner".
        annotation: notes of the VM.
    """

    vm: Machine
    service: str
    owner: str
    annotation: str

    @property
    def running(self) -> bool:
        """Whether VMware Tools can report anything."""
        return self.vm.powered_on

    @property
    def moid(self) -> str:
        """The managed object id."""
        return f"vm-{self.vm.number + 1000}"

    @property
    def config_os(self) -> str:
        """The guest system chosen when the VM was made."""
        return self.vm.release.config if self.vm.release else ""

    @property
    def tools_os(self) -> str:
        """The guest system that VMware Tools reports; nothing when the VM is off."""
        return self.vm.release.tools if self.vm.release and self.running else ""

    @property
    def created(self) -> datetime:
        """When the VM was made."""
        return datetime.combine(self.vm.installed, time(8, self.vm.number % 60))

    @property
    def started(self) -> datetime | None:
        """When the VM was last powered on."""
        if not self.running:
            return None
        return TODAY - timedelta(hours=3 + self.vm.number * 37 % 4000)


V = Column[VmView]


HEAD: Final = (
    V("VM", "hostname", lambda v: v.vm.name),
    V("Powerstate", "power_state", lambda v: "poweredOn" if v.running else "poweredOff"),
    V("Template", None, lambda v: str(v.vm.template)),
    constant("SRM Placeholder", "False"),
)
CUSTOM: Final = (
    V("Annotation", "description", lambda v: v.annotation),
    V("Backup status", None, lambda v: "OK" if v.running else "Not protected", ("status",)),
    V("Business service", "application_name", lambda v: v.service),
    V("Service owner", "business_owner", lambda v: v.owner),
)
PLACE: Final = (
    V("Datacenter", "datacenter", lambda v: v.vm.site.datacenter),
    V("Cluster", "cluster", lambda v: v.vm.cluster),
    V("Host", "host_system", lambda v: v.vm.host),
)
FOLDER: Final = V("Folder", None, lambda v: f"{v.vm.environment.title()}")
GUEST: Final = (
    V("OS according to the configuration file", "os_name", lambda v: v.config_os),
    V("OS according to the VMware Tools", "os_name", lambda v: v.tools_os),
)
IDS: Final = (
    V("VM ID", "asset_id", lambda v: v.moid),
    V("VM UUID", "uuid", lambda v: v.vm.uuid),
    constant("VI SDK Server", VCENTER),
    constant("VI SDK UUID", VCENTER_UUID),
)
DETAIL_TAIL: Final = (*CUSTOM, *PLACE, FOLDER, *GUEST, *IDS)
