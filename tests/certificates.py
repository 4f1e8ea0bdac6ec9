"""Certificates for servers that a test starts: one authority, and what it or nobody signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Authority:
    """Somebody who signs certificates; `file` is what a client trusts."""

    folder: Path
    title: str

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.own = self._signed(_name(self.title), self.key, is_authority=True).sign(self.key, hashes.SHA256())
        self.file = self.folder / f"{self.title}.pem"
        self.file.write_bytes(self.own.public_bytes(serialization.Encoding.PEM))

    def certificate(self, host: str, *, ended: timedelta = timedelta(days=-30), self_signed: bool = False) -> Path:
        """A file with key and certificate for this host; `ended` ago it ran out (negative: it will)."""
        key = ec.generate_private_key(ec.SECP256R1())
        asked = self._signed(_name(host), key, issuer=_name(host) if self_signed else None, ended=ended).add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        )
        made = asked.sign(key if self_signed else self.key, hashes.SHA256())
        held = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self.folder / f"{self.title}-{x509.random_serial_number():x}.pem"
        file.write_bytes(held + made.public_bytes(serialization.Encoding.PEM))
        return file

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        issuer: x509.Name | None = None,
        ended: timedelta = timedelta(days=-30),
        is_authority: bool = False,
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip
        names = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer or _name(self.title))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - ended - timedelta(days=60))
            .not_valid_after(now - ended)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(names, critical=False)
        )
