"""A bind9 of the test's own: one zone, updates under a TSIG key."""
import subprocess

from .patience import until
from .ports import free_port

SECRET = "c2VjcmV0LWtleS1vZi0zMi1ieXRlcy4uLi4uLi4uLi4="


class Bind:
    def __init__(self, folder, zone, algorithm="hmac-sha256"):
        folder.mkdir(parents=True)
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        (folder / "zone").write_text(
            "$TTL 60\n@ IN SOA ns hostmaster 1 60 60 60 60\n@ IN NS ns\n@ IN A 127.0.0.1\n* IN A 127.0.0.1\n")
        (folder / "named.conf").write_text(f"""
key "update.test" {{ algorithm {algorithm}; secret "{SECRET}"; }};
options {{ directory "{folder}"; listen-on port {self.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  pid-file none; session-keyfile none; recursion no; dnssec-validation no; }};
controls {{}};
zone "{zone}" {{ type primary; file "zone"; update-policy {{ grant update.test zonesub TXT; }}; }};
""")
        self.log = open(folder / "named.log", "wb")
        self.process = subprocess.Popen(["/usr/sbin/named", "-g", "-c", str(folder / "named.conf")],
                                        stdout=self.log, stderr=self.log)
        until(lambda: b"running\n" in (folder / "named.log").read_bytes(), "named")
        self.config = {"provider": "rfc2136", "server": self.address, "propagation": {
            "wait": "0s", "servers": [self.address]},
            "tsig": {"name": "update.test", "algorithm": algorithm, "secret": SECRET}}

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
