"""Finding out whether a port can be listened on, before anything starts."""

from __future__ import annotations

import errno
import socket

from landbridge.errors.catalogue import Category, LandbridgeError


class PortInUse(LandbridgeError):
    """Another program listens on this port, perhaps another 'landbridge serve'."""

    code = "PORT_IN_USE"
    title = "The port is taken"
    status = 500
    category = Category.DEPENDENCY
    message = "Port {port} on {host} is used by another program."
    remedy = "Stop that program, or choose another port: landbridge serve --port 0"


class AddressNotUsable(LandbridgeError):
    """The operating system does not let this user listen on this address and port."""

    code = "ADDRESS_NOT_USABLE"
    title = "This address cannot be listened on"
    status = 500
    category = Category.DEPENDENCY
    message = "Cannot listen on {host} port {port}: {reason}."
    remedy = "Choose an address of this machine and a port above 1023."


def usable_port(host: str, port: int) -> tuple[str, int]:
    """The host and a port that can be listened on now; port 0 becomes a free one.

    Raises:
        PortInUse, AddressNotUsable: it cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(host=host, port=port) from None
            reason = (error.strerror or type(error).__name__).lower()
            raise AddressNotUsable(host=host, port=port, reason=reason) from None
        return host, int(probe.getsockname()[1])
