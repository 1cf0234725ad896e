"""Ports: names of known services, and which traffic says nothing about an application."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Final

EPHEMERAL_FROM: Final = 32_768
"""Clients take their own port from here on; services rarely listen there."""

SERVICES: Final[dict[int, str]] = {
    20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 80: "http", 110: "pop3",
    111: "rpcbind", 143: "imap", 443: "https", 445: "smb", 465: "smtps", 515: "lpd",
    548: "afp", 587: "submission", 631: "ipp", 860: "iscsi", 873: "rsync", 993: "imaps",
    995: "pop3s", 1352: "notes", 1414: "ibm-mq", 1433: "mssql", 1434: "mssql-browser",
    1521: "oracle", 1522: "oracle", 1526: "oracle", 1583: "pervasive", 1630: "oracle",
    1883: "mqtt", 2049: "nfs", 2181: "zookeeper", 2379: "etcd", 2483: "oracle", 2484: "oracle",
    2638: "sybase", 3050: "firebird", 3128: "squid", 3200: "sap-gui", 3260: "iscsi",
    3300: "sap-gateway", 3306: "mysql", 3389: "rdp", 3600: "sap-message", 3899: "radmin",
    4222: "nats", 4369: "epmd", 5000: "http-alt", 5060: "sip", 5432: "postgresql",
    5433: "postgresql", 5671: "amqps", 5672: "amqp", 5900: "vnc", 5984: "couchdb",
    5985: "winrm", 5986: "winrm", 6379: "redis", 6443: "kubernetes", 6667: "irc",
    7001: "weblogic", 7002: "weblogic", 7474: "neo4j", 7687: "neo4j", 8000: "http-alt",
    8005: "tomcat", 8009: "ajp", 8080: "http-alt", 8081: "http-alt", 8086: "influxdb",
    8088: "http-alt", 8161: "activemq", 8443: "https-alt", 8888: "http-alt", 9000: "http-alt",
    9042: "cassandra", 9060: "websphere", 9080: "websphere", 9090: "http-alt", 9092: "kafka",
    9200: "elasticsearch", 9300: "elasticsearch", 9418: "git", 9443: "https-alt",
    11211: "memcached", 15672: "rabbitmq", 27017: "mongodb", 30015: "sap-hana",
    30013: "sap-hana", 50000: "db2", 50013: "sap-control", 61616: "activemq",
}  # fmt: skip

# Traffic that every machine has and that no application depends on.
NOISE: Final[dict[int, str]] = {
    **dict.fromkeys((53, 853), "dns"),
    **dict.fromkeys((67, 68, 546, 547), "dhcp"),
    **dict.fromkeys((123, 323), "time"),
    **dict.fromkeys((88, 464, 389, 636, 3268, 3269, 9389, 135, 137, 138, 139), "directory"),
    **dict.fromkeys(
        (161, 162, 199, 514, 6514, 5140, 10050, 10051, 5666, 5667, 12489), "monitoring"
    ),
    **dict.fromkeys((9100, 9182, 5723, 8125, 25826, 6556, 17472, 2003, 4317, 4318), "monitoring"),
    **dict.fromkeys((1900, 3702, 5353, 5355, 5357), "discovery"),
    **dict.fromkeys((8530, 8531, 7680, 1688, 10123, 2967, 8014), "updates"),
}


def service_name(port: int) -> str:
    """The usual name of the service on a port; empty when there is none."""
    return SERVICES.get(port) or NOISE.get(port, "")


def is_service(port: int) -> bool:
    """Whether services usually listen on the port."""
    return port in SERVICES or port in NOISE or 0 < port < 1024


@lru_cache(maxsize=1 << 16)
def useless_address(ip: str) -> str:
    """Why an address is nobody's in particular; empty when it is somebody's."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ""
    if address.is_loopback:
        return "loopback"
    if address.is_unspecified:
        return "listening"
    if address.is_multicast or ip == "255.255.255.255":
        return "broadcast"
    return "link_local" if address.is_link_local else ""
