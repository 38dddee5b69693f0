"""What the app exports as HAR, opened in the network panel of a browser."""
import json
import subprocess

import pytest

from support.devtools import DevTools
from support.patience import PATIENCE
from support.programs import BIN

OPEN = """(async () => {
  const {ViewManager} = await import('./ui/legacy/legacy.js');
  await ViewManager.ViewManager.instance().showView('network');
  const panel = (await import('./panels/network/network.js')).NetworkPanel.NetworkPanel.instance();
  await panel.networkLogView.onLoadFromFile(new File([%s], 'sample.har'));
  const {NetworkLog} = await import('./models/logs/logs.js');
  return JSON.stringify(await Promise.all(NetworkLog.NetworkLog.instance().requests().map(async (request) => {
    const content = await request.requestContentData();
    return {
      name: request.name(), method: request.requestMethod, url: request.url(), status: request.statusCode,
      type: request.resourceType().name(), transferred: request.transferSize, size: request.resourceSize,
      ms: Math.round(request.duration * 1000), wait: request.timing.receiveHeadersEnd,
      content: content.isTextContent ? content.text : content.base64, form: await request.requestFormData(),
      frames: request.frames().map((frame) => [frame.type, frame.opCode, frame.text]),
      events: request.eventSourceMessages().map((event) => [event.eventName, event.data]),
    };
  })));
})()"""

# The cells of the table, which lies in the shadow trees of the panel.
ROWS = """(() => {
  const rows = [];
  const walk = (node) => {
    if (node.tagName === 'TR' && node.classList.contains('data-grid-data-grid-node'))
      rows.push([...node.querySelectorAll('td')].map((cell) => cell.innerText.trim().replace('\\u00a0', ' ')));
    if (node.shadowRoot) walk(node.shadowRoot);
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return rows;
})()"""


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    har = subprocess.run([BIN / "sallyport-har-sample"], capture_output=True, text=True, check=True,
                         timeout=PATIENCE).stdout
    with DevTools(tmp_path_factory.mktemp("chromium")) as tools:
        requests = {request["name"]: request for request in json.loads(tools.run(OPEN % json.dumps(har)))}
        tools.wait(lambda: len(tools.run(ROWS)) == len(requests), "the panel does not show what it has read")
        return requests, tools.run(ROWS)


def test_every_exchange_has_its_row(panel):
    _, rows = panel
    shown = {row[0]: row[1:] for row in rows}
    assert list(shown) == ["page?a=1&b=two", "json", "form", "image.png", "packed", "events", "socket", "refused"]
    assert [row[0] for row in shown.values()] == ["200", "200", "303", "200", "200", "200", "101", "Finished"]
    assert [shown[name][1] for name in ("page?a=1&b=two", "json", "image.png", "events", "socket")] == [
        "document", "fetch", "png", "eventsource", "websocket"]
    assert {row[4] for row in shown.values()} == {"15 ms"}


def test_bodies_are_shown_both_ways(panel):
    requests, _ = panel
    assert requests["page?a=1&b=two"]["content"] == "<p>hello</p>"
    assert requests["json"]["form"] == '{"q":"ask"}' and requests["json"]["content"] == '{"answer":42}'
    assert requests["form"]["form"] == "name=value&other=1"
    assert requests["image.png"]["content"] == "iVBORwD/"  # base64: it is no text
    assert requests["packed"]["content"] == '{"packed":true}'


def test_sizes_are_those_that_passed_and_those_that_were_unpacked(panel):
    requests, _ = panel
    packed = requests["packed"]
    head = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
            "Content-Length: 35\r\n\r\n")
    assert (packed["size"], packed["transferred"]) == (15, len(head) + 35)


def test_times_are_split(panel):
    requests, _ = panel
    assert all((request["ms"], request["wait"]) == (15, 12) for request in requests.values())


def test_messages_of_a_websocket_and_of_an_event_stream(panel):
    requests, _ = panel
    assert requests["socket"]["url"] == "wss://api.example.com/socket"
    assert requests["socket"]["frames"] == [["send", 1, "from the visitor"], ["receive", 1, "to the visitor"],
                                            ["receive", 2, "AAE="]]
    assert requests["events"]["events"] == [["tick", "one"], ["message", "two"]]


def test_what_was_not_answered_has_no_status(panel):
    requests, _ = panel
    assert (requests["refused"]["status"], requests["refused"]["content"]) == (0, "")
