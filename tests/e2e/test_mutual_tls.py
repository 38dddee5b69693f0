"""Agents that prove who they are by a certificate: of the relay's own authority, or of another."""
import json
import re
import stat
import subprocess

from support.external_ca import ExternalCa
from support.programs import AGENT


def issued(relay, name, *flags):
    bundle = relay.folder / f"{name}.pem"
    result = relay.command("ca", "issue", name, *flags, "-o", str(bundle))
    assert result.returncode == 0, result.stderr
    return bundle


def with_authority(stage, **options):
    """A relay whose authority was made before it started."""
    relay = stage.relay(start=False, **options)
    result = relay.command("ca", "init", "--host", "127.0.0.1")
    assert result.returncode == 0, result.stderr
    relay.start()
    return relay


def agent_with(stage, relay, bundle, tunnels=None, start=True, **settings):
    """The pin is left out: the bundle says whom to believe."""
    tunnels = {"web": {"http": 9, "name": "hello"}} if tunnels is None else tunnels
    settings = {"pin": None, "identity": {"certificate": str(bundle)}} | settings
    agent = stage.agent(relay, tunnels, token="spt_unused", settings=settings, start=False)
    return agent.start() if start else agent.launch()


def given_up(agent):
    line = agent.program.event("gave up")
    assert agent.program.wait() == 3
    return line["message"] if "message" in line else line["msg"]


def certificates(relay):
    return json.loads(relay.command("ca", "list", "--json").stdout)


def test_an_agent_publishes_by_its_certificate(stage):
    relay, service = with_authority(stage), stage.service()
    agent = agent_with(stage, relay, issued(relay, "alice"), {"web": {"http": service.port, "name": "hello"}})
    relay.program.event("link up", tenant="alice")
    with relay.visitor() as visitor:
        visitor.request(host="hello.localhost")
        assert visitor.response()[0].status == 200
    status = subprocess.run([AGENT, "status", "--json"], env=agent.env, capture_output=True, text=True)
    identity = json.loads(status.stdout)["agents"][0]["identity"]
    assert identity["name"] == "alice" and 88 <= identity["days_left"] <= 90


def test_files_of_the_authority_are_its_owners_alone(stage):
    relay = with_authority(stage)
    bundle = issued(relay, "alice")
    folder = relay.folder / "state" / "ca"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in [bundle, *folder.glob("*")]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 or file.name == "server.crt", file
        assert file.suffix in (".key", ".pem") or "PRIVATE" not in file.read_text(), file


def test_a_revoked_certificate_ends_its_live_link_and_no_other(stage):
    relay = with_authority(stage)
    alice = agent_with(stage, relay, issued(relay, "alice"))
    bob = agent_with(stage, relay, issued(relay, "bob"), {"web": {"http": 9, "name": "bob"}})
    assert relay.command("ca", "revoke", "alice").returncode == 0
    assert "revoked" in given_up(alice)
    assert bob.program.running() and not bob.program.said("gave up")
    # And none comes in any more: the handshake ends with the alert that says why.
    again = agent_with(stage, relay, relay.folder / "alice.pem", start=False)
    assert "certificate revoked" in given_up(again)
    relay.program.event("agent not admitted")
    assert "CN=alice" in relay.log_text()


def test_a_revocation_counts_also_when_nobody_told_the_relay(stage):
    """Only the files say so: another program than ours may have written them."""
    relay = with_authority(stage)
    alice = agent_with(stage, relay, issued(relay, "alice"))
    index = relay.folder / "state" / "ca" / "index.txt"
    new = index.with_suffix(".new")
    new.write_text(re.sub(r" -$", " 2026-01-01T00:00:00Z", index.read_text(), flags=re.M))
    new.replace(index)
    assert "revoked" in given_up(alice)


def test_an_expired_certificate_is_refused(stage):
    relay = with_authority(stage)
    bundle = issued(relay, "alice", "--lifetime", "1s")
    agent = agent_with(stage, relay, bundle, start=False)
    assert "expired" in given_up(agent)


def test_certificates_of_another_authority_are_refused(stage):
    relay, other = with_authority(stage), with_authority(stage)
    agent = agent_with(stage, relay, issued(other, "alice"), start=False, pin=relay.pin())
    assert "unknown CA" in given_up(agent)


def test_an_agent_believes_only_a_relay_of_its_authority(stage):
    relay, other = with_authority(stage), with_authority(stage)
    agent = agent_with(stage, other, issued(relay, "alice"), start=False)
    agent.program.event("gave up")
    assert agent.program.wait() != 0
    assert "link up" not in other.log_text()


def test_a_certificate_allows_what_its_policy_says(stage):
    relay = with_authority(stage)
    bundle = issued(relay, "alice", "--names", "alice-*", "--hostnames", "api.acme.org", "--kinds", "http")
    agent = agent_with(stage, relay, bundle, {
        "own": {"http": 9, "name": "alice-web"}, "host": {"http": 9, "hostname": "api.acme.org"},
        "name": {"http": 9, "name": "bob"}, "foreign": {"http": 9, "hostname": "www.acme.org"},
        "kind": {"tcp": 9}}, start=False)
    for tunnel in ("own", "host"):
        agent.program.event("tunnel open", tunnel=tunnel)
    for tunnel, code in (("name", "name_not_allowed"), ("foreign", "hostname_not_allowed"),
                         ("kind", "kind_not_allowed")):
        agent.program.event("tunnel refused", tunnel=tunnel, code=code)


def test_nobody_takes_a_host_of_another_tenant(stage):
    relay = with_authority(stage)
    flags = ("--hostnames", "api.acme.org")
    host = {"api": {"http": 9, "hostname": "api.acme.org"}}
    agent_with(stage, relay, issued(relay, "alice", *flags), host)
    bob = agent_with(stage, relay, issued(relay, "bob", *flags), host, start=False)
    bob.program.event("tunnel refused", tunnel="api", code="hostname_taken")


def test_a_policy_that_loses_its_tenant_ends_the_link(stage):
    relay = with_authority(stage)
    alice = agent_with(stage, relay, issued(relay, "alice"))
    (relay.folder / "state" / "ca" / "tenants.yaml").write_text("tenants: []\n")
    assert "revoked" in given_up(alice)


def test_tokens_work_beside_certificates_unless_these_are_required(stage):
    relay = with_authority(stage)
    stage.agent(relay, {"web": {"http": 9, "name": "hello"}})
    strict = with_authority(stage, auth={"mtls": {"required": True}})
    agent = stage.agent(strict, {"web": {"http": 9}}, token=relay.tokens["tester"], start=False).launch()
    assert "certificate required" in given_up(agent)
    agent_with(stage, strict, issued(strict, "alice"))


def test_a_relay_that_requires_certificates_wants_an_authority(stage):
    relay = stage.relay(start=False, auth={"mtls": {"required": True}})
    result = relay.command("serve")
    assert result.returncode == 1 and "ca init" in result.stderr


def test_an_authority_may_be_made_while_the_relay_runs(stage):
    relay = stage.relay()
    assert relay.command("ca", "init", "--host", "127.0.0.1").returncode == 0
    agent_with(stage, relay, issued(relay, "alice"))


def test_the_listener_speaks_tls_1_3_alone(stage):
    relay = with_authority(stage)
    bundle = issued(relay, "alice")
    root = relay.folder / "state" / "ca" / "root.crt"
    address = f"127.0.0.1:{relay.ports.agents}"
    client = ["openssl", "s_client", "-connect", address, "-CAfile", str(root), "-verify_return_error",
              "-verify_ip", "127.0.0.1", "-cert", str(bundle), "-alpn", "sallyport/1", "-brief"]
    fine = subprocess.run(client, input="", capture_output=True, text=True)
    assert "TLSv1.3" in fine.stderr and "Verification: OK" in fine.stderr, fine.stderr
    old = subprocess.run([*client, "-tls1_2"], input="", capture_output=True, text=True)
    assert old.returncode != 0 and "protocol version" in old.stderr, old.stderr


def test_the_agent_renews_its_certificate_by_itself(stage):
    relay = with_authority(stage)
    bundle = issued(relay, "alice", "--lifetime", "9s")
    before = bundle.read_text()
    agent = agent_with(stage, relay, bundle)
    agent.program.event("certificate renewed")
    first = bundle.read_text()
    key = re.compile(r"-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----", re.S)
    assert key.search(first).group() != key.search(before).group()
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    # The link outlives the certificate that it began with, and renews again.
    agent.program.event("certificate renewed", after=agent.program.log.all().index(
        agent.program.event("certificate renewed")) + 1)
    assert not relay.program.said("link down")
    assert {c["name"] for c in certificates(relay)} == {"alice"} and len(certificates(relay)) >= 3
    # What it has now opens the next link.
    relay.program.terminate()
    mark = len(agent.program.log.all())
    relay.start()
    agent.program.event("connected", after=mark)
    assert key.search(bundle.read_text()).group() not in relay.log_text()


def test_another_authoritys_certificates_serve_until_its_list_names_them(stage, tmp_path):
    ca = ExternalCa(tmp_path / "acme")
    (tmp_path / "tenants.yaml").write_text("tenants:\n  - name: build\n    identities: [builder]\n    names: [hello]\n"
                                           "  - name: other\n")
    relay = stage.relay(auth={"mtls": {"ca_file": str(ca.folder / "ca.pem"), "crl_file": str(ca.folder / "crl.pem"),
                                       "tenants_file": str(tmp_path / "tenants.yaml")}})
    builder = agent_with(stage, relay, ca.client("builder"), pin=relay.pin())
    relay.program.event("link up", tenant="build")
    other = agent_with(stage, relay, ca.client("other"), {"web": {"http": 9, "name": "other"}}, pin=relay.pin())
    unknown = agent_with(stage, relay, ca.client("stranger"), start=False, pin=relay.pin())
    assert "no tenant is known" in given_up(unknown)
    ca.revoke("builder")
    assert "revoked" in given_up(builder)
    assert other.program.running() and not other.program.said("gave up")


def test_another_authoritys_certificate_is_not_renewed_and_the_agent_goes_on(stage, tmp_path):
    ca = ExternalCa(tmp_path / "acme")
    (tmp_path / "tenants.yaml").write_text("tenants:\n  - name: builder\n")
    relay = stage.relay(auth={"mtls": {"ca_file": str(ca.folder / "ca.pem"), "crl_file": str(ca.folder / "crl.pem"),
                                       "tenants_file": str(tmp_path / "tenants.yaml")}})
    bundle = ca.client("builder", days=(-20, 5))  # more than two thirds of its life are over
    before = bundle.read_text()
    agent = agent_with(stage, relay, bundle, pin=relay.pin())
    agent.program.event("the certificate was not renewed")
    assert agent.program.running() and bundle.read_text() == before
    assert not relay.program.said("link down")


def test_commands_say_what_is_wrong(stage):
    relay = stage.relay(start=False)
    for args, words in ((("ca", "issue", "alice"), "ca init"), (("ca", "list"), "ca init"),
                        (("ca", "revoke", "alice"), "ca init")):
        result = relay.command(*args)
        assert result.returncode == 1 and words in result.stderr and result.stdout == ""
    assert relay.command("ca", "init").returncode == 0
    for args, words in ((("ca", "issue", "a b"), "1 to 64"), (("ca", "issue", "a", "--ports", "x"), "--ports"),
                        (("ca", "issue", "a", "--lifetime", "never"), "--lifetime"),
                        (("ca", "issue", "a", "--csr", "/nowhere"), "--csr")):
        result = relay.command(*args)
        assert result.returncode == 2 and words in result.stderr, result.stderr
    assert relay.command("ca", "revoke", "nobody").returncode == 1


def test_a_key_may_stay_with_its_owner(stage, tmp_path):
    relay = with_authority(stage)
    key, request = tmp_path / "own.key", tmp_path / "own.csr"
    subprocess.run(["openssl", "req", "-newkey", "ed25519", "-nodes", "-keyout", key, "-out", request, "-subj",
                    "/CN=whatever"], check=True, capture_output=True)
    key.chmod(0o600)
    chain = issued(relay, "alice", "--csr", str(request))
    assert "PRIVATE" not in chain.read_text()
    agent_with(stage, relay, chain, identity={"certificate": str(chain), "key": str(key)})
    relay.program.event("link up", tenant="alice")


def test_a_bundle_logs_in(stage):
    relay = with_authority(stage)
    bundle = issued(relay, "alice")
    agent = stage.agent(relay, {}, token="spt_unused", start=False)
    env = {k: v for k, v in agent.env.items() if k != "SALLYPORT_TOKEN"}
    result = subprocess.run([AGENT, "login", f"tls://127.0.0.1:{relay.ports.agents}"], env=env, input=f"{bundle}\n",
                            capture_output=True, text=True, cwd=relay.folder)
    assert result.returncode == 0, result.stderr
    doctor = subprocess.run([AGENT, "doctor"], env=env, capture_output=True, text=True)
    assert "certificate of alice" in doctor.stdout, doctor.stdout + doctor.stderr


def test_audit_lines_tell_of_certificates(stage):
    relay = with_authority(stage)
    issued(relay, "alice")
    relay.command("ca", "revoke", "alice")
    audit = (relay.folder / "state" / "audit.jsonl").read_text()
    events = [json.loads(line)["event"] for line in audit.splitlines()]
    assert {"authority.changed", "certificate.issued", "certificate.revoked"} <= set(events)
