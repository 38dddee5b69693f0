"""An authority that is not ours, by the openssl program: for auth.mtls.ca_file."""
import datetime
import subprocess

CONFIG = """[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
default_md = sha256
default_days = 30
default_crl_days = 7
policy = any
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
"""


class ExternalCa:
    def __init__(self, folder, name="Acme"):
        self.folder = folder
        folder.mkdir()
        (folder / "ca.cnf").write_text(CONFIG)
        (folder / "index.txt").write_text("")
        for number in ("serial", "crlnumber"):
            (folder / number).write_text("01\n")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", "ca.key", "-out", "ca.pem", "-subj", f"/CN={name}", "-days", "60",
                     "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign,cRLSign")
        self.crl()

    def openssl(self, *args):
        result = subprocess.run(["openssl", *args], cwd=self.folder, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr

    def client(self, name, days=(-1, 30)):
        """A bundle, certificate and key, valid from and until so many days from now."""
        key, request, leaf = f"{name}.key", f"{name}.csr", f"{name}.crt"
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                     "-out", request, "-subj", f"/CN={name}", "-config", "ca.cnf")
        (self.folder / "client.ext").write_text("basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n")
        now = datetime.datetime.now(datetime.timezone.utc)
        start, end = ((now + datetime.timedelta(days=n)).strftime("%Y%m%d%H%M%SZ") for n in days)
        self.openssl("ca", "-batch", "-startdate", start, "-enddate", end, "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", request,
                     "-out", leaf, "-notext", "-extfile", "client.ext")
        bundle = self.folder / f"{name}.pem"
        bundle.touch(mode=0o600)
        bundle.write_text((self.folder / leaf).read_text() + (self.folder / key).read_text())
        return bundle

    def revoke(self, name):
        self.openssl("ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-revoke", f"{name}.crt")
        self.crl()

    def crl(self):
        """Replaced in one step, as an operator's cron job should."""
        self.openssl("ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-gencrl", "-out", "new.crl")
        (self.folder / "new.crl").replace(self.folder / "crl.pem")
