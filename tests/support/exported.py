"""Two small exports with everything a page can show: ambiguity, dirt, dependencies, old systems."""

SERVERS = """\
Server Name;IP Address;Operating System;vCPU;RAM (GB);Environment;Application;Depends On;Xyzzy
web-01;10.0.0.1;Windows Server 2012 R2;4;16;Production;Webshop;db-01;a1
web-02;10.0.0.2;Windows Server 2012 R2;4;16;Production;Webshop;db-01;a2
db-01;10.0.0.3;Red Hat Enterprise Linux 7.9;8;64;Production;Webshop;;a3
app-01;10.0.0.999;Ubuntu 22.04;2;8;Test;Billing;db-01;a4
app-02;10.0.0.5;Ubuntu 22.04;zwei;8;Test;Billing;db-01;a5
web-01;10.0.0.1;Windows Server 2012 R2;4;32;Production;Webshop;;a6
"""
CONNECTIONS = """\
Source IP,Destination IP,Destination Port,Protocol,Process
10.0.0.1,10.0.0.3,5432,tcp,postgres
10.0.0.2,10.0.0.3,5432,tcp,postgres
10.0.0.5,10.0.0.3,5432,tcp,postgres
10.0.0.5,203.0.113.9,443,tcp,curl
"""
FILES = [
    {"name": "servers.csv", "mimeType": "text/csv", "buffer": SERVERS.encode()},
    {"name": "connections.csv", "mimeType": "text/csv", "buffer": CONNECTIONS.encode()},
]
"""The exports as a browser sends them."""
