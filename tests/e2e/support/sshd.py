"""An sshd of our own: its key, port and user's keys stand in one temporary folder."""
import getpass
import os
import pathlib
import shutil
import subprocess

from .patience import PATIENCE, until
from .ports import free_port, is_free


class Sshd:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o700)
        for key in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / key], check=True)
        shutil.copy(self.folder / "user_key.pub", self.folder / "authorized_keys")
        self.port = free_port()
        (self.folder / "sshd_config").write_text(f"""
            Port {self.port}
            ListenAddress 127.0.0.1
            HostKey {self.folder}/host_key
            AuthorizedKeysFile {self.folder}/authorized_keys
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin yes
            MaxStartups 100
            MaxSessions 100
            Subsystem sftp internal-sftp
            """)
        if os.getuid() == 0:  # as root it wants a folder for the process without rights
            pathlib.Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", self.folder / "sshd_config"],
                                        stderr=open(self.folder / "sshd.log", "wb"))
        until(lambda: not is_free(self.port), "sshd")

    def options(self):
        return ["-F", "none", "-i", str(self.folder / "user_key"), "-o", "IdentitiesOnly=yes",
                "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR",
                "-o", f"UserKnownHostsFile={self.folder}/known_hosts"]

    def target(self):
        return f"{getpass.getuser()}@127.0.0.1"

    def ssh(self, port, *command, **options):
        result = subprocess.run(["ssh", *self.options(), "-p", str(port), self.target(), *command],
                                capture_output=True, timeout=PATIENCE, **options)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def close(self):
        self.process.terminate()
        self.process.wait()
