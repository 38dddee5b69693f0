#!/usr/bin/python3
"""A web service of one page, for `./dev demo`. It shows what the request looked like when it arrived here,
so that one sees what the relay adds on the way.

Usage: server.py [PORT]   listens on 127.0.0.1, on a free port when none is given; prints the port
"""
import html
import http.server
import sys

PAGE = """<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Hello through Sallyport</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 12vh auto; padding: 0 1rem;
         color: #1d2733; background: #f6f7f9 }}
  h1 {{ font-size: 1.6rem }}
  table {{ border-collapse: collapse; width: 100%; background: #fff; border-radius: 6px }}
  td {{ padding: .35rem .75rem; border-bottom: 1px solid #e6e9ee; overflow-wrap: anywhere }}
  td:first-child {{ color: #5b6878; white-space: nowrap }}
</style>
<h1>Hello through the tunnel</h1>
<p>This page left a service that listens on 127.0.0.1 only. Your request <code>{request}</code> reached it with:</p>
<table>{rows}</table>
"""


class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "hello-service"
    sys_version = ""

    def do_GET(self):
        cell = "<tr><td>{}</td><td>{}</td></tr>"
        rows = "".join(cell.format(html.escape(name), html.escape(value)) for name, value in self.headers.items())
        body = PAGE.format(request=html.escape(self.requestline), rows=rows).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Hello) as server:
        print(server.server_address[1], flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
