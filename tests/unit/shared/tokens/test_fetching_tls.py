"""The key endpoint's certificate."""

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.tokens.fetching import FetchError, fetch
from tests.unit.shared.aws.endpoints import Endpoint

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

BODY = b'{"keys":[]}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + BODY
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer")])


def certificate(folder: Path, *, host: str, days: int) -> tuple[Path, Path]:
    """Write a certificate that vouches for itself, and its key; return both files."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
    signed = (
        builder.not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (folder / "certificate").write_bytes(signed.public_bytes(Encoding.PEM))
    (folder / "key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "certificate", folder / "key"


@contextmanager
def served(files: tuple[Path, Path]) -> Iterator[str]:
    """Serve one answer over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)

    class TlsEndpoint(Endpoint):
        def get_request(self) -> tuple[ssl.SSLSocket, object]:
            plain, address = self.socket.accept()
            return context.wrap_socket(plain, server_side=True), address

        def handle_error(self, *_: object) -> None:
            """Keep quiet about callers that hang up on a certificate."""

    with TlsEndpoint([[ANSWER]]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.url.replace("http:", "https:")
        finally:
            server.stopping.set()
            server.shutdown()
            thread.join()


def test_a_certificate_that_is_trusted_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certificate(tmp_path, host="127.0.0.1", days=30)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))

    with served(files) as url:
        assert fetch(url) == BODY


@pytest.mark.parametrize(
    ("host", "days", "trusted"),
    [("127.0.0.1", 30, False), ("127.0.0.2", 30, True), ("127.0.0.1", -1, True)],
    ids=["of nobody", "of another host", "expired"],
)
def test_any_other_certificate_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, days: int, trusted: bool
) -> None:
    files = certificate(tmp_path, host=host, days=days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))

    with served(files) as url, pytest.raises(FetchError, match=r"^URLError$"):
        fetch(url)
