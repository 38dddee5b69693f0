"""Signed tokens: made by PyJWT and by the jose tool, from files, servers and helpers, on links that stand."""
import base64
import http.server
import json
import os
import subprocess
import threading
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from support.patience import PATIENCE, Watched, until
from support.programs import AGENT

SECRET = "u9Xk2vQzE7rTnB4cWm1yHs6pLd8fGj3aJxRqKo5tUiNeCbVZ0wY8hM7s"[:56] + "PqLkJhGf"
CLAIMS = {"iss": "idp", "aud": "sallyport", "sub": "alice", "names": "any"}


def claims(**more):
    given = {**CLAIMS, "exp": int(time.time()) + 3600, **more}
    return {key: value for key, value in given.items() if value is not None}


def token(key=SECRET, algorithm="HS256", kid=None, **more):
    return jwt.encode(claims(**more), key, algorithm, headers={"kid": kid} if kid else None)


def pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def jwk(key, kid):
    maker = jwt.algorithms.ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else jwt.algorithms.OKPAlgorithm
    made = json.loads(maker.to_jwk(key.public_key())) if maker is jwt.algorithms.OKPAlgorithm else ec_jwk(key)
    return {**made, "kid": kid, "use": "sig"}


def ec_jwk(key):
    numbers = key.public_key().public_numbers()
    part = lambda n: base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode()
    return {"kty": "EC", "crv": "P-256", "x": part(numbers.x), "y": part(numbers.y)}


class Web:
    """A little HTTP service on this machine: `answer(path, body)` gives (status, bytes) or None to hang up."""

    def __init__(self, answer):
        self.requests, outer = Watched(), self
        self.answer = answer

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.command, self.path, body))
                result = outer.answer(self.path, body)
                if result is None:
                    return self.close_connection
                self.send_response(result[0])
                self.send_header("Content-Length", str(len(result[1])))
                self.end_headers()
                self.wfile.write(result[1])

            do_POST = do_GET

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def relay_with(stage, start=True, **settings):
    relay = stage.relay(start=False)
    if "secret_file" not in settings and not {"keys_file", "jwks_url", "verifier_url"} & set(settings):
        settings["secret_file"] = secret_file(relay.folder)
    relay.config["auth"] = {"jwt": {"issuer": "idp", "audience": "sallyport", **settings}}
    relay.file.write_text(json.dumps(relay.config))
    return relay.start() if start else relay


def secret_file(folder, text=SECRET):
    file = folder / "jwt.secret"
    file.write_text(text + "\n")
    file.chmod(0o600)
    return str(file)


def outcome(stage, relay, credential, tunnel=None):
    """None when an agent with this token gets its tunnel, else the code of the refusal."""
    agent = stage.agent(relay, {"t": tunnel or {"http": 9, "name": "a"}}, token=credential, start=False).launch()
    line = agent.program.log.wait(lambda line: isinstance(line, dict) and line.get("message", "").startswith(
        ("tunnel open", "tunnel refused", "gave up", "not connected")))
    agent.close()
    return None if line["message"] == "tunnel open" else line.get("code") or line


# ---- Algorithms ----

@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_secret(stage, algorithm):
    assert outcome(stage, relay_with(stage), token(algorithm=algorithm)) is None


@pytest.mark.parametrize("algorithm, make", [
    ("RS256", lambda: rsa.generate_private_key(65537, 2048)),
    ("ES256", lambda: ec.generate_private_key(ec.SECP256R1())),
    ("EdDSA", ed25519.Ed25519PrivateKey.generate)])
def test_public_key_and_what_is_not_signed_with_it(stage, algorithm, make):
    key, other = make(), make()
    file = stage.folder / "key.pem"
    file.write_bytes(pem(key))
    relay = relay_with(stage, keys_file=str(file))
    assert outcome(stage, relay, token(key, algorithm)) is None
    assert outcome(stage, relay, token(other, algorithm)) == "bad_credentials"
    # The old trick: the public key as a shared secret. PyJWT refuses to, so by hand.
    import hashlib
    import hmac
    encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
    text = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(claims()).encode())
    forged = text + b"." + encode(hmac.new(pem(key), text, hashlib.sha256).digest())
    assert outcome(stage, relay, forged.decode()) == "bad_credentials"


@pytest.mark.parametrize("template", ['{"alg":"ES256","kid":"k"}', '{"alg":"RS256","kid":"k"}', '{"alg":"HS256","kid":"k"}'])
def test_tokens_and_keys_of_the_jose_tool(stage, template):
    def jose(*args, **options):
        return subprocess.run(["jose", *args], check=True, capture_output=True, **options).stdout
    private = stage.folder / "private.jwk"
    private.write_bytes(jose("jwk", "gen", "-i", template))
    algorithm = json.loads(template)["alg"]
    key = json.loads(private.read_text())
    public = key if algorithm == "HS256" else json.loads(jose("jwk", "pub", "-i", str(private)))
    keys = stage.folder / "keys.json"
    keys.write_text(json.dumps({"keys": [public]}))
    relay = relay_with(stage, keys_file=str(keys))
    signed = jose("jws", "sig", "-I", "-", "-k", str(private), "-c", "-s",
                  json.dumps({"protected": {"alg": algorithm, "kid": "k"}}), input=json.dumps(claims()).encode())
    assert outcome(stage, relay, signed.decode().strip()) is None


# ---- Claims ----

@pytest.mark.parametrize("wrong, code", [
    ({"aud": "something-else"}, "bad_credentials"),
    ({"iss": "somebody"}, "bad_credentials"),
    ({"exp": None}, "bad_credentials"),
    ({"sub": None}, "bad_credentials"),
    ({"tcp_ports": ["x"]}, "bad_credentials"),
    ({"exp": 1}, "expired"),
    ({"session_nonce": "of another link"}, "nonce_required"),
    ({"names": ["b"]}, "name_not_allowed"),
    ({"names": None}, "name_not_allowed"),
    ({"kinds": ["tcp"]}, "kind_not_allowed"),
    ({"limits": {"tunnels": 0}}, "too_many_tunnels"),
])
def test_what_is_refused(stage, wrong, code):
    assert outcome(stage, relay_with(stage), token(**wrong)) == code


def test_alg_none_and_tampering(stage):
    relay = relay_with(stage)
    header, payload, signature = token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert outcome(stage, relay, f"{none}.{payload}.{signature}") == "bad_credentials"
    forged = base64.urlsafe_b64encode(json.dumps(claims(sub="root")).encode()).rstrip(b"=").decode()
    assert outcome(stage, relay, f"{header}.{forged}.{signature}") == "bad_credentials"


def test_names_hosts_and_ports(stage):
    relay = relay_with(stage)
    first, second = relay.ports.tcp[:2]
    scoped = token(names=["a", "ci-*"], hostnames=["*.acme.test"], tcp_ports=[first])
    assert outcome(stage, relay, scoped, {"http": 9, "name": "ci-3"}) is None
    assert outcome(stage, relay, scoped, {"http": 9, "name": "b"}) == "name_not_allowed"
    assert outcome(stage, relay, scoped, {"http": 9, "hostname": "app.acme.test"}) is None
    assert outcome(stage, relay, scoped, {"http": 9, "hostname": "app.evil.test"}) == "hostname_not_allowed"
    assert outcome(stage, relay, scoped, {"tcp": 9, "remote_port": first}) is None
    assert outcome(stage, relay, scoped, {"tcp": 9, "remote_port": second}) == "port_not_allowed"
    assert outcome(stage, relay, token(hostname="old.acme.test"), {"http": 9, "hostname": "old.acme.test"}) is None


def test_a_tenant_cannot_take_anothers_host(stage):
    relay = relay_with(stage)
    host = {"http": 9, "hostname": "app.acme.test"}
    stage.agent(relay, {"mine": host}, token=token(sub="alice", hostnames=["app.acme.test"]))
    assert outcome(stage, relay, token(sub="bob", hostnames=["app.acme.test"]), host) == "hostname_taken"


def test_weak_secrets_and_half_a_configuration_are_refused(stage):
    for text, words in (("tiny-one", "too short"), ("x" * 40, "can be guessed"),
                        ("defaultjwtsecret0000000000000000", "can be guessed")):
        relay = relay_with(stage, start=False)
        secret_file(relay.folder, text)
        result = relay.command("serve")
        assert result.returncode != 0 and words in result.stderr and text not in result.stderr
    relay = relay_with(stage, start=False, issuer=[], jwks_url="http://idp.example.com/jwks")
    check = relay.command("check")
    assert check.returncode == 2 and "auth.jwt.issuer" in check.stderr and "https://" in check.stderr


# ---- Keys that change ----

def test_keys_from_a_server_that_rotates_and_dies(stage):
    old, new = ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    published = {"keys": [jwk(old, "old")]}
    web = stage._keep(Web(lambda path, body: (200, json.dumps(published).encode())))
    relay = relay_with(stage, jwks_url=web.url + "jwks")
    assert outcome(stage, relay, token(old, "EdDSA", "old")) is None
    # A key that is not known yet makes the relay look again.
    published = {"keys": [jwk(old, "old"), jwk(new, "new")]}
    assert outcome(stage, relay, token(new, "ES256", "new")) is None
    # The server fails: what was known stays known.
    web.answer = lambda path, body: (500, b"")
    assert outcome(stage, relay, token(ed25519.Ed25519PrivateKey.generate(), "EdDSA", "x")) == "bad_credentials"
    assert outcome(stage, relay, token(old, "EdDSA", "old")) is None
    assert outcome(stage, relay, token(new, "ES256", "new")) is None


def test_a_server_that_never_answered_is_no_refusal_for_good(stage):
    key = ed25519.Ed25519PrivateKey.generate()
    web = stage._keep(Web(lambda path, body: (503, b"")))
    relay = relay_with(stage, jwks_url=web.url)
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=token(key, "EdDSA", "k"), start=False).launch()
    relay.program.event("agent not admitted")
    web.answer = lambda path, body: (200, json.dumps({"keys": [jwk(key, "k")]}).encode())
    agent.program.event("tunnel open")


def test_a_key_that_is_taken_away_ends_its_links(stage):
    first, second = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
    file = stage.folder / "keys.json"
    file.write_text(json.dumps({"keys": [jwk(first, "1"), jwk(second, "2")]}))
    relay = relay_with(stage, keys_file=str(file))
    gone = stage.agent(relay, {"a": {"http": 9, "name": "a"}}, token=token(first, "EdDSA", "1"))
    stays = stage.agent(relay, {"b": {"http": 9, "name": "b"}}, token=token(second, "EdDSA", "2", sub="bob"))
    file.write_text("nonsense")
    relay.program.event("keys of signed tokens not reloaded")
    new = file.with_suffix(".new")
    new.write_text(json.dumps({"keys": [jwk(second, "2")]}))
    new.replace(file)
    assert gone.program.wait() == 3
    assert "revoked" in gone.log_text()
    assert stays.program.running() and relay.status()["links"] == 1


# ---- The remote verifier ----

def test_remote_verifier_decides(stage):
    def answer(path, body):
        sent = json.loads(body)["token"]
        if sent == good:
            return 200, json.dumps({"valid": True, "claims": claims()}).encode()
        return 200, b'{"valid": false, "error": "no such person"}'
    good = token("another secret that only the service knows " * 2)
    web = stage._keep(Web(answer))
    relay = relay_with(stage, verifier_url=web.url)
    assert outcome(stage, relay, good) is None
    assert outcome(stage, relay, token(sub="mallory")) == "bad_credentials"
    relay.program.event("agent not admitted")
    assert "no such person" in relay.log_text() and good not in relay.log_text()
    assert web.requests.all()[0][0] == "POST"


@pytest.mark.parametrize("failure", [lambda path, body: (500, b""), lambda path, body: None])
def test_keys_decide_while_the_verifier_fails(stage, failure):
    web = stage._keep(Web(failure))
    relay = relay_with(stage, verifier_url=web.url, secret_file=secret_file(stage.folder))
    assert outcome(stage, relay, token()) is None
    assert outcome(stage, relay, token("some other secret that is long enough")) == "bad_credentials"


def test_without_keys_agents_wait_for_the_verifier(stage):
    web = stage._keep(Web(lambda path, body: (502, b"")))
    relay = relay_with(stage, verifier_url=web.url)
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=token(), start=False).launch()
    relay.program.event("agent not admitted")
    web.answer = lambda path, body: (200, json.dumps({"valid": True, "claims": claims()}).encode())
    agent.program.event("tunnel open")


def test_nonsense_from_the_verifier_lets_nobody_in(stage):
    answers = iter([b"<html>", b"{}", b'{"valid": true}', b'{"valid": "true", "claims": {}}', b'{"valid": true, "claims": []}'])
    web = stage._keep(Web(lambda path, body: (200, next(answers, b"[]"))))
    relay = relay_with(stage, verifier_url=web.url, secret_file=secret_file(stage.folder))
    for _ in range(5):
        assert outcome(stage, relay, token()) == "bad_credentials"


# ---- Bound to the link, and renewed on it ----

def test_agent_signs_for_itself_and_each_token_is_bound(stage):
    relay = relay_with(stage, nonce="required", issuer="sallyport")
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=False,
                        settings={"jwt": {"secret_file": secret_file(stage.folder), "subject": "alice"}})
    assert relay.status()["tunnels"][0]["tenant"] == "alice"
    assert SECRET not in agent.log_text() + relay.log_text()
    # A token without the nonce opens nothing here.
    assert outcome(stage, relay, token(iss="sallyport", sub="bob")) == "nonce_required"


HELPER = """#!/usr/bin/python3
import json, os, sys, time
sys.path.insert(0, {support!r})
import jwt
stage, nonce = os.environ["SALLYPORT_STAGE"], os.environ["SALLYPORT_NONCE"]
with open({record!r}, "a") as record:
    record.write(json.dumps([stage, nonce, os.environ["SALLYPORT_NAMES"], sys.argv[1:]]) + "\\n")
if os.path.exists({record!r} + ".fail"):
    sys.exit(7)
claims = {claims} | {{"exp": int(time.time()) + 3600}}
if nonce:
    claims["session_nonce"] = open({record!r} + ".replay").read() if os.path.exists({record!r} + ".replay") else nonce
token = jwt.encode(claims, {secret!r}, "HS256")
print(json.dumps({{"token": token, "expiry": "2099-01-01T00:00:00Z"}}) if {as_json} else token)
"""


def helper(stage, as_json=False, **more):
    record = stage.folder / "helper.log"
    file = stage.folder / "helper"
    file.write_text(HELPER.format(support="/usr/lib/python3/dist-packages", record=str(record), claims={**CLAIMS, **more},
                                  secret=SECRET, as_json=as_json))
    file.chmod(0o755)
    return file, record


def calls(record):
    return [json.loads(line) for line in record.read_text().splitlines()]


@pytest.mark.parametrize("as_json", [False, True])
def test_helper_binds_tokens_and_renews_them(stage, as_json):
    file, record = helper(stage, as_json, reauth_interval_seconds=1)
    relay = relay_with(stage, nonce="required")
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=False,
                        settings={"token_command": [str(file), "-v"]})
    for _ in range(2):
        relay.program.event("credential renewed", after=relay.program.log.mark())
    seen = calls(record)
    assert [call[0] for call in seen[:3]] == ["handshake", "handshake", "reauth"]
    assert seen[0][1:] == ["", "a", ["-v"]]
    nonces = [call[1] for call in seen[1:]]
    assert all(len(nonce) == 43 for nonce in nonces) and len(set(nonces)) == len(nonces)
    assert relay.status()["links"] == 1 and not agent.program.said("not connected")


def test_a_nonce_of_another_link_is_refused(stage):
    file, record = helper(stage)
    relay = relay_with(stage, nonce="required")
    first = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=False, settings={"token_command": [str(file)]})
    (stage.folder / "helper.log.replay").write_text(calls(record)[1][1])
    second = stage.agent(relay, {"t": {"http": 9, "name": "b"}}, token=False, settings={"token_command": [str(file)]},
                         start=False).launch()
    assert second.program.wait() == 3
    assert "another link" in second.log_text()
    assert first.program.running()


def test_no_answer_within_the_grace_ends_the_link(stage):
    file, record = helper(stage, reauth_interval_seconds=1, reauth_grace_seconds=1)
    relay = relay_with(stage)
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=False, settings={"token_command": [str(file)]})
    fail = stage.folder / "helper.log.fail"
    fail.touch()
    agent.program.event("not connected")
    until(lambda: "reauth_timeout" in relay.log_text(), "the relay to say why")
    # It is no final refusal: with the helper back, so is the tunnel.
    mark = agent.program.log.mark()
    fail.unlink()
    agent.program.event("tunnel open", after=mark)


def test_expiry_ends_the_link_of_who_has_no_other_token(stage):
    relay = relay_with(stage, skew="0s", reauth_grace="1s")
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=token(exp=int(time.time()) + 12))
    assert agent.program.wait() == 3
    assert "expired" in agent.log_text()


def test_token_file_is_read_again_when_the_relay_asks(stage):
    file = stage.folder / "token"
    file.write_text(token(exp=int(time.time()) + 12))
    relay = relay_with(stage, skew="0s", reauth_grace="2s")
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=False, settings={"token_file": str(file)})
    file.write_text(token(exp=int(time.time()) + 3600))
    relay.program.event("credential renewed")
    assert relay.status()["links"] == 1 and agent.program.running()
    assert not agent.program.said("not connected")


def test_a_renewed_token_narrows_at_once_and_never_widens(stage):
    file = stage.folder / "token"
    file.write_text(token(names=["a", "b"], reauth_interval_seconds=1))
    relay = relay_with(stage)
    agent = stage.agent(relay, {"a": {"http": 9, "name": "a"}, "b": {"http": 9, "name": "b"}}, token=False,
                        settings={"token_file": str(file)})
    file.write_text(token(names=["a", "c"], reauth_interval_seconds=1))
    agent.program.event("tunnel refused", tunnel="b", code="name_not_allowed")
    assert [t["tunnel"] for t in relay.status()["tunnels"] if t["state"] == "up"] == ["a"]
    mark = agent.program.log.mark()
    agent.write({"a": {"http": 9, "name": "a"}, "c": {"http": 9, "name": "c"}})
    agent.program.event("tunnel refused", after=mark, tunnel="c", code="name_not_allowed")
    # Another tenant's token is no renewal.
    file.write_text(token(sub="mallory", reauth_interval_seconds=1))
    assert agent.program.wait() == 3
    assert "another tenant" in agent.log_text()


def test_a_verifier_that_fails_later_spares_standing_links(stage):
    good = json.dumps({"valid": True, "claims": claims(reauth_interval_seconds=1, reauth_grace_seconds=1)}).encode()
    web = stage._keep(Web(lambda path, body: (200, good)))
    relay = relay_with(stage, verifier_url=web.url)
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=token())
    relay.program.event("credential renewed")
    web.answer = lambda path, body: (503, b"")
    mark = web.requests.mark()
    for _ in range(2):
        web.requests.wait(lambda request: True, after=mark)
        mark = web.requests.mark()
    assert agent.program.running() and relay.status()["links"] == 1
    web.answer = lambda path, body: (200, b'{"valid": false, "error": "left the company"}')
    assert agent.program.wait() == 3
    assert "left the company" in agent.log_text()


# ---- The rest ----

def test_doctor_names_the_source(stage):
    file, _ = helper(stage)
    relay = relay_with(stage)
    agent = stage.agent(relay, {"t": {"http": 9, "name": "a"}}, token=False, settings={"token_command": [str(file)]})
    result = subprocess.run([AGENT, "doctor", "--config", str(agent.file)], env=agent.env, capture_output=True, text=True,
                            timeout=PATIENCE)
    assert f"the program {file}" in result.stdout
    assert "the relay takes this agent" in result.stdout


def test_every_authentication_is_audited_without_the_token(stage):
    relay = relay_with(stage)
    good, bad = token(jti="tok-1"), token(exp=1)
    assert outcome(stage, relay, good) is None
    assert outcome(stage, relay, bad) == "expired"
    log = relay.folder / "state" / "audit.jsonl"
    until(lambda: log.exists() and "auth.refused" in log.read_text(), "both lines")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    accepted = [line for line in lines if line["event"] == "auth.accepted"]
    assert accepted[0]["scheme"] == "jwt" and accepted[0]["tenant"] == "alice" and accepted[0]["credential"] == "tok-1"
    assert good not in log.read_text() and bad not in log.read_text()


def test_tokens_go_on_beside_it(stage):
    relay = relay_with(stage)
    assert outcome(stage, relay, relay.tokens["tester"]) is None


def test_a_relay_without_it_says_so(stage):
    assert outcome(stage, stage.relay(), token()) == "unsupported_auth"
