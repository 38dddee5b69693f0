"""A certificate authority for tests."""
import datetime
import pathlib
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


class Authority:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign("Test Authority", self.key.public_key(), [], ca=True)
        self.file = self.folder / "ca.pem"
        self.file.write_bytes(self.certificate.public_bytes(PEM))

    def _sign(self, name, public_key, names, ca=False, days=30, begins=-1):
        now = datetime.datetime.utcnow()
        issuer = name if ca else "Test Authority"
        builder = (x509.CertificateBuilder()
                   .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
                   .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
                   .public_key(public_key).serial_number(x509.random_serial_number())
                   .not_valid_before(now + datetime.timedelta(days=begins))
                   .not_valid_after(now + datetime.timedelta(days=days))
                   .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
                   # Python 3.13 (Debian 13) refuses certificates without these.
                   .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), False)
                   .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False))
        if ca:
            signs = x509.KeyUsage(key_cert_sign=True, crl_sign=True, **dict.fromkeys(
                ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                 "encipher_only", "decipher_only"), False))
            builder = builder.add_extension(signs, critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, *names, label="pair", begins=-1):
        """Writes LABEL.pem and LABEL.key, each replaced by a rename; returns their paths. `begins` in days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(names[0], key.public_key(), names, begins=begins)
        files = self.folder / f"{label}.pem", self.folder / f"{label}.key"
        texts = certificate.public_bytes(PEM), key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        for file, text in zip(files, texts):
            new = file.with_suffix(file.suffix + ".new")
            new.write_bytes(text)
            new.replace(file)
        self.serial = certificate.serial_number
        return tuple(map(str, files))

    def client(self, alpn=(), version=None):
        context = ssl.create_default_context(cafile=str(self.file))
        if alpn:
            context.set_alpn_protocols(list(alpn))
        if version:
            context.minimum_version = context.maximum_version = version
        return context


def serial_of(sock):
    """Of the certificate that the other side of a TLS socket has shown."""
    return x509.load_der_x509_certificate(sock.getpeercert(True)).serial_number
