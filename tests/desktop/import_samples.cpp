#include "import_samples.h"

const std::vector<ImportSample>& importSamples()
{
    static const std::vector<ImportSample> samples{
        {"ngrok 2", "ngrok.yml", QByteArray(R"(version: "2"
authtoken: 4nq9771bPxe8ctg7LKr_s3cret
tunnels:
  web: {proto: http, addr: 3000, domain: shop.example.com, host_header: rewrite}
  api: {proto: http, addr: "http://localhost:8080", subdomain: api, basic_auth: ["me:s3cret"]}
  mine: {proto: http, addr: 81, hostname: brave-cat.ngrok-free.app}
  ssh: {proto: tcp, addr: 22, remote_addr: "1.tcp.ngrok.io:12345", proxy_proto: "2"}
  app: {proto: tls, addr: 8443, hostname: app.example.com, crt: x.pem}
  files: {proto: http, addr: "file:///srv"}
  inner: {proto: http, addr: 82, ip_restriction: {allow_cidrs: [10.0.0.0/8]}}
)"),
         "ngrok",
         QStringList{
             "api: http localhost:8080 name=api", "app: tls 127.0.0.1:8443 host=app.example.com",
             "inner: http 127.0.0.1:82 allow=10.0.0.0/8", "mine: http 127.0.0.1:81 name=brave-cat",
             "ssh: tcp 127.0.0.1:22 port=12345 proxy",
             "web: http 127.0.0.1:3000 host=shop.example.com header=127.0.0.1:3000"},
         QStringList{"authtoken", "tunnels.mine.hostname", "tunnels.app.crt", "tunnels.files.addr"},
         ""},
        {"ngrok 3", "ngrok.yml", QByteArray(R"(version: 3
agent: {authtoken: s3cret}
endpoints:
  - name: My Shop
    url: https://shop.example.com
    upstream: {url: 9090}
    traffic_policy: {on_http_request: [{actions: [{type: basic-auth}]}]}
  - url: tcp://1.tcp.ngrok.io:2222
    upstream: {url: "tcp://localhost:22", proxy_protocol: 2}
  - name: grpc
    url: tls://grpc.example.com
    upstream: {url: 50051}
  - name: broken
    url: https://x.internal
    upstream: {url: "https://localhost:1"}
)"),
         "ngrok",
         QStringList{"1-tcp-ngrok-io-2222: tcp localhost:22 port=2222 proxy",
                     "grpc: tls 127.0.0.1:50051 host=grpc.example.com",
                     "my-shop: http 127.0.0.1:9090 host=shop.example.com"},
         QStringList{"agent.authtoken", "endpoints[3].url", "endpoints[3].upstream.url"}, ""},
        {"frp toml", "frpc.toml", QByteArray(R"(
serverAddr = "frps.example.com"
serverPort = 7000
auth.token = "s3cret"

[[proxies]]
name = "web"
type = "http"
localPort = 8080
customDomains = ["a.example.com", "b.example.com"]
httpUser = "me"
httpPassword = "s3cret"

[[proxies]]
name = "ssh"
type = "tcp"
localIP = "192.168.1.5"
localPort = 22
remotePort = 6000
transport.proxyProtocolVersion = "v2"

[[proxies]]
name = "unix"
type = "tcp"
remotePort = 6001
[proxies.plugin]
type = "unix_domain_socket"
unixPath = "/var/run/docker.sock"

[[proxies]]
name = "files"
type = "tcp"
[proxies.plugin]
type = "static_file"
localPath = "/tmp"

[[proxies]]
name = "dns"
type = "udp"
localPort = 53

[[proxies]]
name = "secure"
type = "https"
localPort = 8443
subdomain = "secure"
)"),
         "frp",
         QStringList{"secure: tls 127.0.0.1:8443 name=secure",
                     "ssh: tcp 192.168.1.5:22 port=6000 proxy",
                     "unix: tcp unix:/var/run/docker.sock port=6001",
                     "web: http 127.0.0.1:8080 host=a.example.com",
                     "web-2: http 127.0.0.1:8080 host=b.example.com"},
         QStringList{"auth", "proxies[3].plugin", "proxies[4].type"}, "frps.example.com"},
        {"frp ini", "frpc.ini", QByteArray(R"(
[common]
server_addr = 192.0.2.1
token = s3cret
[ssh]
type = tcp
local_ip = 127.0.0.1
local_port = 22
remote_port = 6000
use_encryption = true
# a comment
[web]
type = http
local_port = 80
custom_domains = www.example.com, example.com
[range:games]
type = tcp
local_port = 6010-6020
)"),
         "frp",
         QStringList{"ssh: tcp 127.0.0.1:22 port=6000",
                     "web: http 127.0.0.1:80 host=www.example.com",
                     "web-2: http 127.0.0.1:80 host=example.com"},
         QStringList{"common.token", "range:games"}, "192.0.2.1"},
        {"cloudflared", "config.yml", QByteArray(R"(
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /root/.cloudflared/6ff42ae2.json
ingress:
  - hostname: gitlab.example.com
    service: http://localhost:80
    originRequest: {httpHostHeader: gitlab.local, noTLSVerify: true}
  - hostname: ssh.example.com
    service: ssh://localhost
  - hostname: "*.example.com"
    service: unix:/run/app.sock
    path: /api
  - hostname: tls.example.com
    service: https://localhost:8443
  - service: http_status:404
)"),
         "cloudflared",
         QStringList{"gitlab: http localhost:80 host=gitlab.example.com header=gitlab.local",
                     "ssh: tcp localhost:22",
                     "wildcard: http unix:/run/app.sock host=*.example.com"},
         QStringList{"credentials-file", "ingress[0].originRequest.noTLSVerify",
                     "ingress[1].hostname", "ingress[2].path", "ingress[3].service"},
         ""},
        {"rathole", "client.toml", QByteArray(R"(
[client]
remote_addr = "example.com:2333"
default_token = "s3cret"
[client.services.my_nas_ssh]
token = "s3cret"
local_addr = "127.0.0.1:22"
[client.services.game]
type = "udp"
local_addr = "127.0.0.1:25565"
)"),
         "rathole", QStringList{"my-nas-ssh: tcp 127.0.0.1:22"},
         QStringList{"client.default_token", "client.services.game.type",
                     "client.services.my_nas_ssh"},
         "example.com"},
        {"ax-router", ".env",
         QByteArray("# agent\nAXR_SERVER=r.example.com:7000\n"
                    "AXR_TOKEN=s3cret\nAXR_SERVICE=chat\n"
                    "AXR_TARGET=http://localhost:8080\n"),
         "ax-router", QStringList{"chat: http localhost:8080 name=chat"}, QStringList{"AXR_TOKEN"},
         "r.example.com"},
        {"go-tunnel", "client.yaml", QByteArray(R"(
tunnel_addr: tunnel.example.com:9443
skip_tls_verify: true
jwt_secret: s3cret
tunnels:
  - {hostname: app.example.com, target: "127.0.0.1:8000", mode: http}
  - {hostname: ssh.example.com, target: "127.0.0.1:22", mode: tcp}
)"),
         "go-tunnel",
         QStringList{"app: http 127.0.0.1:8000 host=app.example.com", "ssh: tcp 127.0.0.1:22"},
         QStringList{"jwt_secret", "skip_tls_verify", "tunnels[1].hostname"}, "tunnel.example.com"},
        {"nexus", "client.yaml", QByteArray(R"(
backends:
  - name: main
    hostnames: [app.example.com]
    tcpPorts: [5432]
    udpRoutes: [{port: 53}]
    nexusAddresses: ["wss://nexus.example.com:8443/connect"]
    attestation: {hmacSecret: s3cret}
    portMappings:
      443: {default: "localhost:8443"}
      80: {default: "localhost:1", hosts: {app.example.com: "localhost:8080"}}
      5432: {default: "localhost:5432"}
)"),
         "nexus",
         QStringList{"app: tls localhost:8443 host=app.example.com plain=localhost:8080",
                     "main-5432: tcp localhost:5432 port=5432"},
         QStringList{"backends[0].udpRoutes", "backends[0].attestation"}, "nexus.example.com"},
        {"atlax", "agent.yaml", QByteArray(R"(
relay: {addr: "relay.example.com:8443"}
tls: {cert_file: a.pem, key_file: k.pem}
services:
  - {name: samba, protocol: tcp, local_addr: "127.0.0.1:445", relay_port: 10445}
  - {name: dns, protocol: udp, local_addr: "127.0.0.1:53"}
)"),
         "atlax", QStringList{"samba: tcp 127.0.0.1:445 port=10445"},
         QStringList{"tls", "services[1].protocol"}, "relay.example.com"}};
    return samples;
}
