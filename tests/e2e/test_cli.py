"""Both programs as commands: exit codes, output, messages."""
import json
import re
import subprocess

import pytest

from conftest import Tunnel
from support.patience import PATIENCE
from support.ports import free_port
from support.programs import AGENT, RELAY, Program, environment


def run(*argv, env=None, stdin=""):
    return subprocess.run(list(map(str, argv)), env=env, input=stdin, capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def home(tmp_path):
    return environment(tmp_path / "home")


@pytest.mark.parametrize("program", [AGENT, RELAY])
def test_version(home, program):
    short = run(program, "version", "--short", env=home)
    assert short.returncode == 0 and re.fullmatch(r"\d+\.\d+\.\d+\S*\n", short.stdout)
    assert short.stdout.strip() in run(program, "version", env=home).stdout


@pytest.mark.parametrize("program", [AGENT, RELAY])
def test_help_goes_to_standard_output(home, program):
    result = run(program, "--help", env=home)
    assert result.returncode == 0 and "Usage" in result.stdout


@pytest.mark.parametrize("argv", [
    (AGENT, "frobnicate"), (AGENT, "http"), (AGENT, "http", "no-port"), (AGENT, "http", "99999"), (AGENT, "tcp", "22", "--remote-port", "x"),
    (AGENT, "--no-such-flag"), (AGENT, "http", "3000", "--name", "a_b"), (AGENT,), (RELAY, "frobnicate"), (RELAY, "token"), (RELAY, "token", "add"),
    (RELAY, "serve", "--config", "/no/such/file"), (RELAY, "check", "--config", "/no/such/file")],
    ids=lambda argv: " ".join(argv).rsplit("/", 1)[-1])
def test_wrong_usage_is_2(home, argv):
    result = run(*argv, env=home)
    assert result.returncode == 2, result
    assert result.stderr and "terminate" not in result.stderr


@pytest.mark.parametrize("text,place,word", [
    ("domain: localhost\nlissten: {http: ':80'}\n", "relay.yaml:2", "lissten"),
    ("domain: localhost\nlimits:\n  head: 5GB\n", "relay.yaml:3", "limits.head"),
    ("domain: a_b\n", "relay.yaml:1", "underscore"),
    ("domain: localhost\ntcp_ports: 9-1\n", "relay.yaml:2", "tcp_ports"),
    ("domain: [\n", "relay.yaml:", ""),
    ("domain: localhost\ndomain: localhost\n", "relay.yaml:2", "domain"),
    ("workers: 1\n", "", "domain"),
])
def test_relay_config_errors_name_file_and_line(home, tmp_path, text, place, word):
    file = tmp_path / "relay.yaml"
    file.write_text(text)
    result = run(RELAY, "check", "--config", file, env=home)
    assert result.returncode == 2 and place in result.stderr and word in result.stderr, result


@pytest.mark.parametrize("text,place,word", [
    ("relay: localhost\ntunnels:\n  web: {htp: 80}\n", "agent.yaml:3", "htp"),
    ("relay: localhost\ntunnels:\n  web: {http: 80, remote_port: 5}\n", "agent.yaml:3", "remote_port"),
    ("relay: localhost\ntunnels:\n  web: {http: 80, hostname: a_b.c}\n", "agent.yaml:3", "underscore"),
    ("relay: localhost\nreconnect: {min: 3}\n", "agent.yaml:2", "reconnect.min"),
    ("relay: localhost\npin: sha256:abc\n", "agent.yaml:2", "pin"),
])
def test_agent_config_errors_name_file_and_line(home, tmp_path, text, place, word):
    file = tmp_path / "agent.yaml"
    file.write_text(text)
    result = run(AGENT, "up", "--config", file, env=home | {"SALLYPORT_TOKEN": "x"})
    assert result.returncode == 2 and place in result.stderr and word in result.stderr, result


def test_check_of_a_good_file(stage):
    relay = stage.relay(start=False)
    assert relay.command("check").returncode == 0


def test_relay_whose_port_is_taken(stage):
    relay = stage.relay()
    second = relay.command("serve")
    assert second.returncode == 1 and str(relay.ports.http) in second.stderr


def test_relay_unreachable_is_4_without_retry(stage):
    relay = stage.relay(start=False)
    agent = stage.agent(relay, {"web": {"http": 9}}, start=False).launch("--no-retry")
    assert agent.program.wait() == 4


def test_credentials_refused_is_3(stage):
    relay, other = stage.relay(), stage.relay(start=False)
    agent = stage.agent(relay, {"web": {"http": 9}}, token=other.token("stranger"), start=False).launch()
    assert agent.program.wait() == 3
    assert "does not know" in agent.log_text()


def test_one_line_form_ends_when_its_tunnel_can_never_be_had(stage):
    relay = stage.relay()
    env = environment(stage.folder / "cli", SALLYPORT_TOKEN=relay.token("other", "--name", "allowed"),
                      SALLYPORT_PIN=relay.pin(), SALLYPORT_RELAY=f"tls://127.0.0.1:{relay.ports.agents}")
    result = run(AGENT, "http", "3000", "--name", "hello", env=env)
    assert result.returncode == 3 and "hello" in result.stderr


def test_one_line_form_ends_when_somebody_else_has_its_name(stage):
    relay = stage.relay()
    stage.agent(relay, {"web": {"http": 9, "name": "taken"}})
    env = environment(stage.folder / "cli", SALLYPORT_TOKEN=relay.token("other"), SALLYPORT_PIN=relay.pin(),
                      SALLYPORT_RELAY=f"tls://127.0.0.1:{relay.ports.agents}")
    result = run(AGENT, "http", "3000", "--name", "taken", env=env)
    assert result.returncode == 3 and "in use: taken" in result.stderr


def test_up_goes_on_when_somebody_else_has_one_of_its_names(stage):
    relay = stage.relay()
    stage.agent(relay, {"web": {"http": 9, "name": "taken"}})
    other = stage.agent(relay, {"a": {"http": 9, "name": "taken"}, "b": {"http": 9, "name": "free"}},
                        token=relay.token("other"), start=False).launch()
    other.program.event("tunnel open", tunnel="b")
    other.program.event("tunnel refused", tunnel="a", code="name_taken")
    assert other.program.running()


def test_json_outputs_parse(stage):
    tunnel = Tunnel(stage)
    relay, agent = tunnel.relay, tunnel.agent
    assert json.loads(relay.command("status", "--json").stdout)["tunnels"][0]["state"] == "up"
    assert json.loads(relay.command("token", "list", "--json").stdout)[0]["name"] == "tester"
    status = run(AGENT, "status", "--json", env=agent.env)
    assert status.returncode == 0
    assert json.loads(status.stdout)["agents"][0]["pid"] == agent.program.pid
    assert json.loads(run(AGENT, "version", "--json", env=agent.env).stdout)["version"]
    doctor = run(AGENT, "--config", agent.file, "doctor", "--json", env=agent.env)
    assert json.loads(doctor.stdout) and doctor.returncode == 0, doctor
    for line in agent.program.log.all():
        assert isinstance(line, dict), line


def test_status_for_people(stage):
    tunnel = Tunnel(stage)
    assert "hello.localhost" in tunnel.relay.command("status").stdout
    assert "hello.localhost" in run(AGENT, "status", env=tunnel.agent.env).stdout
    assert run(AGENT, "status", env=environment(stage.folder / "nobody")).returncode == 1
    tunnel.relay.program.terminate()
    assert tunnel.relay.command("status").returncode == 1


def test_doctor_finds_the_fault(stage):
    relay = stage.relay(start=False)
    agent = stage.agent(relay, {"web": {"http": free_port()}}, start=False)
    assert run(AGENT, "--config", agent.file, "doctor", env=agent.env).returncode != 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed(home, shell):
    result = run(AGENT, "completion", shell, env=home)
    assert result.returncode == 0 and "sallyport" in result.stdout


def test_completion_works_in_bash(home, tmp_path):
    script = tmp_path / "completion.bash"
    script.write_text(run(AGENT, "completion", "bash", env=home).stdout)
    assert run("bash", "-n", script).returncode == 0
    asked = run("bash", "-c", f"source {script}; f=$(complete -p sallyport | grep -o -- '-F [^ ]*' | cut -c4-); "
                "COMP_WORDS=(sallyport st); COMP_CWORD=1; COMP_LINE='sallyport st'; COMP_POINT=12; $f sallyport st sallyport; "
                "echo ${COMPREPLY[@]}")
    assert "status" in asked.stdout, asked


def test_login_then_one_command(stage):
    """The first minutes with Sallyport: the relay's join line, then `sallyport http PORT`."""
    relay, service = stage.relay(), stage.service()
    line = relay.command("token", "add", "me", "--join-line").stdout.strip().replace("@localhost:", "@127.0.0.1:")
    env = environment(stage.folder / "me")
    login = run(AGENT, "login", env=env, stdin=line + "\n")
    assert login.returncode == 0, login.stderr
    assert "spt_" not in login.stdout + login.stderr
    agent = Program([AGENT, "--log-format", "json", "http", str(service.port), "--name", "hello"], env, stage.folder,
                    stage.folder / "me.log")
    assert agent.event("tunnel open")["url"].startswith("http://hello.localhost")
    with relay.visitor() as visitor:
        visitor.request()
        assert visitor.response()[0].status == 200
    assert agent.terminate() == 0
    assert run(AGENT, "logout", env=env).returncode == 0
    assert run(AGENT, "http", "3000", env=env).returncode == 2


def test_two_accounts_of_one_relay(stage):
    """A private and a company's token: each publishes as its own tenant."""
    relay, service = stage.relay(), stage.service()
    env = environment(stage.folder / "me")
    place = f"127.0.0.1:{relay.ports.agents}"

    def login(tenant, *flags):
        line = f"sallyport://{relay.token(tenant)}@{place}?pin={relay.pin()}"
        result = run(AGENT, "login", *flags, env=env, stdin=line)
        assert result.returncode == 0, result.stderr
        assert "spt_" not in result.stdout + result.stderr

    def accounts():
        return {account["id"]: account for account in json.loads(run(AGENT, "accounts", "--json", env=env).stdout)["accounts"]}

    def tenant_in_use():
        agent = Program([AGENT, "--log-format", "json", "http", str(service.port)], env, stage.folder, stage.folder / "me.log")
        agent.event("tunnel open")
        tenants = [tunnel["tenant"] for tunnel in relay.status()["tunnels"]]
        assert agent.terminate() == 0
        return tenants

    login("me")
    login("rotated")  # one that is known is replaced
    assert list(accounts()) == [place]
    login("work", "--label", "work")
    login("guest", "--add")
    assert list(accounts()) == [place, f"{place}#2", f"{place}#3"]
    assert accounts()[f"{place}#3"]["in_use"] and accounts()[f"{place}#2"]["label"] == "work"
    assert tenant_in_use() == ["guest"]
    login("newer", "--label", "work")
    assert run(AGENT, "accounts", "use", place, env=env).returncode == 0
    assert tenant_in_use() == ["rotated"]
    assert run(AGENT, "accounts", "use", "work", env=env).returncode == 0
    assert tenant_in_use() == ["newer"]
    unknown = run(AGENT, "accounts", "use", "play", env=env)
    assert unknown.returncode == 2 and f"{place}#2  work" in unknown.stderr
    assert run(AGENT, "accounts", "rename", f"{place}#3", "guest", env=env).returncode == 0
    assert run(AGENT, "logout", "gest", env=env).returncode == 2  # no account, and no relay with a token
    assert run(AGENT, "logout", "guest", env=env).returncode == 0
    assert run(AGENT, "logout", env=env).returncode == 0  # the one in use
    assert list(accounts()) == [place]
    listed = run(AGENT, "accounts", env=env).stdout
    assert listed.startswith(f"* {place}") and len(listed.splitlines()) == 1
    assert tenant_in_use() == ["rotated"]


def test_login_that_the_relay_refuses_stores_nothing(stage):
    relay, other = stage.relay(), stage.relay(start=False)
    env = environment(stage.folder / "me")
    line = f"sallyport://{other.token('x')}@127.0.0.1:{relay.ports.agents}?pin={relay.pin()}"
    assert run(AGENT, "login", env=env, stdin=line).returncode == 3
    assert run(AGENT, "login", env=env, stdin="nonsense").returncode == 2
    wrong_pin = f"sallyport://{relay.token('y')}@127.0.0.1:{relay.ports.agents}?pin=sha256:{'A' * 43}"
    assert run(AGENT, "login", env=env, stdin=wrong_pin).returncode in (3, 4)
    assert run(AGENT, "http", "3000", env=env).returncode == 2


def test_up_with_names_publishes_these_alone(stage):
    relay, service = stage.relay(), stage.service()
    agent = stage.agent(relay, {"one": {"http": service.port, "name": "one"}, "two": {"http": service.port, "name": "two"}},
                        start=False).launch("one")
    agent.program.event("tunnel open", tunnel="one")
    assert len(relay.status()["tunnels"]) == 1
    assert run(AGENT, "up", "three", "--config", agent.file, env=agent.env).returncode == 2


def test_token_from_a_file_and_from_dot_env(stage):
    relay = stage.relay()
    for n, (name, value) in enumerate([("SALLYPORT_TOKEN_FILE", "token"), (".env", None)]):
        agent = stage.agent(relay, {"web": {"http": 9, "name": f"t{n}"}}, start=False)
        del agent.env["SALLYPORT_TOKEN"]
        if value:
            (agent.folder / value).write_text(agent.token + "\n")
            (agent.folder / value).chmod(0o600)
            agent.env[name] = str(agent.folder / value)
        else:
            (agent.folder / ".env").write_text(f"SALLYPORT_TOKEN={agent.token}\n")
            (agent.folder / ".env").chmod(0o600)
        agent.start()
