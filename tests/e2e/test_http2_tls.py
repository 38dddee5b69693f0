"""HTTP/2 over TLS, chosen by ALPN: curl, nghttp, a browser."""
import json
import subprocess

import pytest

from support.h2 import H2Visitor
from support.patience import PATIENCE
from test_https import Secure


@pytest.fixture(scope="module")
def secure(shared_stage):
    return Secure(shared_stage, hsts={"max_age": "24h"}, https_redirect=True)


def test_curl_chooses_http2_and_the_upstream_hears_of_https(secure):
    seen = secure.curl("/x", "--http2", "-w", "\n%{http_version} %{http_code}", "-D", "/dev/stderr")
    answer, said = seen.rsplit("\n", 1)
    assert said == "2 200"
    fields = {name.lower(): value for name, value in json.loads(answer)["fields"]}
    assert fields["x-forwarded-proto"] == "https" and "proto=https" in fields["forwarded"]


def test_http1_stays_possible(secure):
    assert secure.curl("/x", "--http1.1", "-w", "\n%{http_version}").rsplit("\n", 1)[1] == "1.1"
    with secure.tls(context=secure.authority.client(alpn=["http/1.1"])) as sock:
        assert sock.selected_alpn_protocol() == "http/1.1"
    with secure.tls(context=secure.authority.client(alpn=["h2", "http/1.1"])) as sock:
        assert sock.selected_alpn_protocol() == "h2"
    with secure.tls() as sock:
        assert sock.selected_alpn_protocol() is None


def test_without_tls_http2_visitors_are_redirected_too(secure):
    with H2Visitor(secure.port) as h2:
        answer = h2.get("/a?b")
        assert (answer.status, answer.headers["location"]) == (301, f"https://hello.localhost:{secure.https}/a?b")
        assert h2.wait(h2.request("POST", body=b"x")).status == 308


def test_answers_carry_hsts(secure):
    result = secure.curl("/x", "--http2", "-i")
    assert "strict-transport-security: max-age=86400" in result.lower()


def test_large_bodies_both_ways(secure, tmp_path):
    @secure.service.on("/mirror")
    def mirror(wire, head):
        wire.answer(wire.body(head))

    file = tmp_path / "body"
    file.write_bytes(bytes(range(256)) * (20 << 12))
    back = tmp_path / "back"
    secure.curl("/mirror", "--http2", "--data-binary", f"@{file}", "-H", "Expect:", "-o", str(back))
    assert back.read_bytes() == file.read_bytes()


def test_a_slow_download_beside_many_fast_requests(secure, tmp_path):
    @secure.service.on("/flood")
    def flood(wire, head):
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {4 << 20}\r\n\r\n")
        for _ in range(4):
            wire.send(b"x" * (1 << 20))

    host = f"hello.localhost:{secure.https}"
    slow = subprocess.Popen(["curl", "-sS", "--http2", "--noproxy", "*", "--limit-rate", "1M", "--cacert",
                             str(secure.authority.file), "--resolve", f"{host}:127.0.0.1",
                             "-o", str(tmp_path / "slow"), f"https://{host}/flood"])
    for _ in range(20):
        assert secure.curl("/echo", "--http2", "-o", "/dev/null", "-w", "%{http_code}") == "200"
    assert slow.wait(PATIENCE * 3) == 0
    assert (tmp_path / "slow").stat().st_size == 4 << 20


def test_nghttp(secure):
    # By another name of the certificate: the connection moves to where the host's link lives.
    result = subprocess.run(["nghttp", "-nv", "-m", "20", "--no-verify-peer",
                             f"--header=:authority: hello.localhost:{secure.https}",
                             f"https://localhost:{secure.https}/echo"],
                            capture_output=True, text=True, timeout=PATIENCE * 3)
    assert result.stdout.count(":status: 200") == 20, result.stdout[-2000:]


PAGE = """<!doctype html><title>h2</title><body><script>
const ask = i => fetch('/echo?' + i, {method: 'POST', body: 'x'.repeat(i * 1000)}).then(r => r.json());
(async () => {
  const seen = await Promise.all([...Array(30).keys()].map(ask));
  const whole = seen.every((s, i) => s.length === i * 1000);
  const protocol = performance.getEntriesByType('resource')[0].nextHopProtocol;
  document.body.innerHTML = `<p id=out>${whole} ${protocol} ${seen.length}</p>`;
})();
</script>"""


def chromium(secure, tmp_path, path):
    return subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--ignore-certificate-errors", f"--user-data-dir={tmp_path}/chromium", "--no-proxy-server",
         "--host-resolver-rules=MAP *.localhost 127.0.0.1", "--virtual-time-budget=20000", "--dump-dom",
         f"https://hello.localhost:{secure.https}{path}"], capture_output=True, text=True, timeout=PATIENCE * 6).stdout


def test_a_browser_speaks_http2(secure, tmp_path):
    @secure.service.on("/page")
    def page(wire, head):
        wire.answer(PAGE, headers=[("Content-Type", "text/html")])

    assert "<p id=\"out\">true h2 30</p>" in chromium(secure, tmp_path, "/page")
