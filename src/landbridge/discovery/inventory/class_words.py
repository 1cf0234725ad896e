"""Words that tell what an asset is, in the languages that inventories are written in."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.vocabulary import AssetType as T

# In order: the first type of which a pattern is found in a stated class decides.
CLASS_WORDS: Final[tuple[tuple[T, int, tuple[str, ...]], ...]] = (
    (
        T.HYPERVISOR_HOST,
        7,
        (
            *(r"\besxi?\b", "hypervisor", r"hyper-?v (?:host|server)", "vmware host", "esx_server"),
            *(r"virtuali[sz]ation (?:host|server)", r"virtualisierungs(?:host|server)", "kvm host"),
            *("xen ?server", "h[oô]te (?:de virtualisation|esx)", "仮想化?ホスト"),
        ),
    ),
    (
        T.SERVER,
        5,
        (
            r"(?:cluster|database|db|datenbank|storage|file|application|web)[ _-]?"
            r"(?:server|node|knoten)\b",
            *("serveur de (?:base|bdd|fichiers)", "servidor de base", "domain controller"),
        ),
    ),
    (T.CLUSTER, 7, (r"\bcluster\b", r"_cluster\b", "クラスタ")),
    (
        T.CONTAINER,
        7,
        ("container", "kubernetes", r"\bpod\b", "docker", "conteneur", "contenedor"),
    ),
    (
        T.DATABASE,
        7,
        (
            *("database", r"\bdb[ _]?(?:instance|inst)?\b", "datenbank", "base de donn", "_db_"),
            *("bases? de datos", "baza danych", "banca dati", "databank", "データベース"),
            r"(?:oracle|mssql|sql|postgres\w*|mysql|db2|hana) instance",
        ),
    ),
    (
        T.VIRTUAL_MACHINE,
        7,
        (
            *(
                "virtual",
                "virtuell",
                "virtuel",
                r"\bvms?\b",
                "vm[ _]instance",
                r"\bec2\b",
                "wirtualn",
            ),
            *("仮想", "虚拟", r"\bguest\b", "cloud instance", r"\blpar\b"),
        ),
    ),
    (
        T.NETWORK_DEVICE,
        7,
        (
            *("switch", "router", "routeur", "enrutador", "firewall", "pare-feu", "cortafuegos"),
            *("load ?balanc", "netzwerk", "network", "netgear", "r[ée]seau", "access[ -]?point"),
            *(
                "gateway",
                r"\bvpn\b",
                "wlan",
                "wireless",
                r"\blb\b",
                "sieciow",
                r"\brete\b",
                "netwerk",
            ),
            *("ルーター?", "スイッチ", "ファイアウォール"),
        ),
    ),
    (
        T.STORAGE,
        7,
        (
            *(
                "storage",
                r"\bsan\b",
                r"\bnas\b",
                "speicher(?:system|netz)",
                "stockage",
                "ストレージ",
            ),
            *("almacenamiento", "disk array", r"\bfiler\b", "tape", "macierz", "archiviazione"),
            "opslag",
        ),
    ),
    (
        T.WORKSTATION,
        7,
        (
            *(
                "workstation",
                "desktop",
                "laptop",
                "notebook",
                r"\bpcs?\b",
                "client",
                "arbeitsplatz",
            ),
            *("poste de travail", "ordinateur portable", "portátil", "stacja robocza", "tablet"),
            *("ワークステーション", "endpoint"),
        ),
    ),
    (
        T.OTHER,
        7,
        (
            *(r"\bups\b", r"\bpdu\b", "printer", "drucker", "imprimante", "impresora", "stampante"),
            *(
                "camera",
                "phone",
                "telefon",
                r"\brack\b",
                "chassis",
                "enclosure",
                r"\busv\b",
                "sensor",
            ),
            r"^other$",
        ),
    ),
    (
        T.SERVICE,
        6,
        (
            *(r"service\b", "dienst", "servicio", "applicat", "anwendung", "aplicaci"),
            *("applicazione", r"\bsaas\b", r"\bapp\b"),
        ),
    ),
    (
        T.SERVER,
        5,
        (
            *(
                "server",
                "serveur",
                "servidor",
                "serwer",
                "サーバ",
                "服务器",
                r"\bhost\b",
                "computer",
            ),
            *("rechner", "ordinateur", "linux", "windows", "unix", r"\baix\b", "solaris", "hp-?ux"),
            *("mainframe", "blade", "physical", "physisch", "physique", "bare.?metal", "appliance"),
        ),
    ),
)

MODEL_WORDS: Final[tuple[tuple[T, int, tuple[str, ...]], ...]] = (
    (
        T.VIRTUAL_MACHINE,
        6,
        (
            *("vmware.*virtual", "^vmware", "virtual machine", "virtualbox", r"\bhvm domu\b"),
            *(
                r"\bkvm\b",
                r"\bqemu\b",
                r"\bxen\b",
                "google compute",
                "amazon ec2",
                r"\bopenstack\b",
            ),
            *(r"\bahv\b", "bochs", "parallels", "virtio"),
        ),
    ),
    (
        T.NETWORK_DEVICE,
        6,
        (
            *("catalyst", "nexus [1-9]k", r"\bn[3579]k-", r"\bisr\d", r"\basr ?\d", r"\basa ?5"),
            *("fortigate", "palo alto", r"\bpa-\d{3}", "big-?ip", r"\bmx\d{2,3}\b", r"\bsrx\d"),
            *(r"\bex\d{4}", "aruba", "procurve", "arista", "netscaler", "checkpoint"),
        ),
    ),
    (
        T.STORAGE,
        6,
        (
            *(
                r"\bfas\d{3}",
                r"\baff\b",
                "powerstore",
                "unity",
                r"\bvnx",
                "vmax",
                "powermax",
                "3par",
            ),
            *("primera", "storwize", "flasharray", "isilon", "data domain", r"\bds8\d{3}"),
            *("compellent", r"\bmsa ?\d{3}", "nimble", "synology", "qnap"),
        ),
    ),
)

SYSTEM_WORDS: Final[tuple[tuple[T, int, tuple[str, ...]], ...]] = (
    (
        T.HYPERVISOR_HOST,
        6,
        (*(r"\besxi?\b", "vmware vsphere", "hyper-v server", "xenserver", "proxmox", r"\bahv\b"),),
    ),
    (
        T.NETWORK_DEVICE,
        4,
        (
            *(r"\bios(?:-?xe|-?xr)?\b", "nx-?os", "junos", "fortios", "pan-?os", "arubaos"),
            *(r"\beos\b", r"\bgaia\b", "tmos", "routeros", "vyos"),
        ),
    ),
    (T.STORAGE, 4, ("ontap", r"\bpurity", "powerstoreos", "onefs")),
    (
        T.WORKSTATION,
        3,
        (r"windows (?:1[01]|[78](?:\.1)?|xp|vista)\b", "mac ?os", "chrome ?os"),
    ),
    (T.SERVER, 1, (".",)),
)

# Tables of which every row is one type, by the name of their source.
SOURCE_WORDS: Final[tuple[tuple[T, int, tuple[str, ...]], ...]] = (
    (
        T.VIRTUAL_MACHINE,
        9,
        ("rvtools.*v-?info", "vcenter_vm", "powercli", "scvmm", "nutanix.*vm", "netbox_v"),
    ),
    (T.HYPERVISOR_HOST, 9, ("rvtools.*v-?host",)),
    (T.CLUSTER, 9, ("rvtools.*v-?cluster",)),
)
