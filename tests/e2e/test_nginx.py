"""nginx behind the tunnel, curl in front."""
import pathlib
import subprocess

import pytest

from conftest import Tunnel
from support.clients import curl
from support.data import file_checksum, write_file
from support.patience import until
from support.ports import free_port, is_free

SIZE = 50 << 20


class Nginx:
    def __init__(self, folder):
        self.folder, self.port = pathlib.Path(folder), free_port()
        (self.folder / "www").mkdir(parents=True)
        (self.folder / "www").chmod(0o777)
        (self.folder / "nginx.conf").write_text(f"""
            daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; default_type text/plain; client_max_body_size 0; gzip on; gzip_min_length 10;
                gzip_types text/plain;
                client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
                uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                server {{ listen 127.0.0.1:{self.port}; root {folder}/www; dav_methods PUT DELETE; keepalive_requests 3;
                    location = /seen {{ return 200 "$http_x_forwarded_for $http_host\\n"; }} }}
            }}""")
        user = [] if not is_root() else ["-g", "user root;"]
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf", *user])
        until(lambda: not is_free(self.port), "nginx")

    def close(self):
        self.process.terminate()
        self.process.wait()


def is_root():
    import os
    return os.getuid() == 0


@pytest.fixture(scope="module")
def nginx(shared_stage):
    server = shared_stage._keep(Nginx(shared_stage.folder / "nginx"))
    tunnel = Tunnel(shared_stage, lambda service: {"web": {"http": server.port, "name": "hello"}})
    tunnel.www = server.folder / "www"
    return tunnel


def test_file_up_and_down(nginx, tmp_path):
    expected = write_file(tmp_path / "file", SIZE)
    curl(nginx, "/stored", "-T", tmp_path / "file", "-f")
    assert file_checksum(nginx.www / "stored") == expected
    curl(nginx, "/stored", "-o", tmp_path / "got", "-f")
    assert file_checksum(tmp_path / "got") == expected


def test_ranges(nginx):
    (nginx.www / "digits").write_bytes(b"0123456789" * 100)
    assert curl(nginx, "/digits", "-r", "5-14") == "5678901234"
    assert "206" in curl(nginx, "/digits", "-r", "0-0,-1", "-i")


def test_download_that_is_resumed(nginx, tmp_path):
    expected = write_file(nginx.www / "resumed", 5 << 20)
    (tmp_path / "got").write_bytes((nginx.www / "resumed").read_bytes()[:1_000_000])
    curl(nginx, "/resumed", "-C", "-", "-o", tmp_path / "got")
    assert file_checksum(tmp_path / "got") == expected


def test_compressed_answer(nginx):
    (nginx.www / "text").write_bytes(b"hello " * 1000)
    assert curl(nginx, "/text", "--compressed") == "hello " * 1000
    assert "gzip" in curl(nginx, "/text", "-H", "Accept-Encoding: gzip", "-o", "/dev/null", "-D", "-")


def test_not_modified(nginx):
    (nginx.www / "page").write_bytes(b"page")
    tag = next(line.split(": ")[1].strip() for line in curl(nginx, "/page", "-I").splitlines() if line.startswith("ETag"))
    assert " 304 " in curl(nginx, "/page", "-i", "-H", f"If-None-Match: {tag}")


def test_delete_and_missing(nginx):
    (nginx.www / "gone").write_bytes(b"x")
    assert curl(nginx, "/gone", "-X", "DELETE", "-o", "/dev/null", "-w", "%{http_code}") == "204"
    missing = curl(nginx, "/gone", "-i")
    assert " 404 " in missing and "Sallyport-Error" not in missing


def test_upstream_that_closes_kept_connections_fails_no_request(nginx):
    """It closes each after three requests, at the very moment we might use it again."""
    port = nginx.port
    urls = [f"http://hello.localhost:{port}/seen"] * 200
    result = subprocess.run(["curl", "-sS", "--noproxy", "*", "--resolve", f"hello.localhost:{port}:127.0.0.1", *urls],
                            capture_output=True, text=True)
    assert result.returncode == 0
    assert result.stdout == f"127.0.0.1 hello.localhost:{port}\n" * 200
