"""Real clients."""
import subprocess

from .patience import PATIENCE


def curl(tunnel, path, *options, host="hello.localhost", check=True, text=True, **run):
    """curl to a host of the tunnel's relay; its standard output, or with check=False the finished process."""
    port = tunnel.port
    command = ["curl", "-sS", "--noproxy", "*", "--max-time", str(PATIENCE * 5),
               "--resolve", f"{host}:{port}:127.0.0.1", *map(str, options), f"http://{host}:{port}{path}"]
    result = subprocess.run(command, capture_output=True, text=text, timeout=PATIENCE * 6, **run)
    if not check:
        return result
    assert result.returncode == 0, result.stderr
    return result.stdout
