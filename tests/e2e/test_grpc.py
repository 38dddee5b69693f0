"""gRPC through the tunnel: a real server behind `protocol: h2c`, a real client in front."""
import threading

import grpc
import pytest

from conftest import Tunnel
from support.clients import curl
from support.h2 import H2Visitor
from support.patience import PATIENCE

MIB = 1 << 20


class Handlers(grpc.GenericRpcHandler):
    """Methods on bare bytes, so that no compiler is needed."""

    def __init__(self, seen):
        self.seen = seen

    def service(self, call):
        name = call.method.rsplit("/", 1)[1]
        make = {"Echo": grpc.unary_unary_rpc_method_handler, "Count": grpc.unary_stream_rpc_method_handler,
                "Join": grpc.stream_unary_rpc_method_handler, "Chat": grpc.stream_stream_rpc_method_handler,
                "Fail": grpc.unary_unary_rpc_method_handler, "FailLate": grpc.unary_stream_rpc_method_handler,
                "Wait": grpc.unary_unary_rpc_method_handler}.get(name)
        return make(getattr(self, name.lower())) if make else None

    def echo(self, request, context):
        self.seen["metadata"] = dict(context.invocation_metadata())
        context.send_initial_metadata((("x-first", "1"),))
        context.set_trailing_metadata((("x-last", "2"), ("x-data-bin", b"\0\1\2")))
        return request

    def count(self, request, context):
        for i in range(int(request)):
            yield str(i).encode()

    def join(self, requests, context):
        return b",".join(requests)

    def chat(self, requests, context):
        for request in requests:
            yield b"<" + request + b">"

    def fail(self, request, context):
        context.set_trailing_metadata((("x-why", "because"),))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not today: %äö")

    def faillate(self, request, context):
        yield b"one"
        context.abort(grpc.StatusCode.DATA_LOSS, "half way")

    def wait(self, request, context):
        gone = threading.Event()
        context.add_callback(gone.set)
        self.seen["waiting"].set()
        gone.wait(PATIENCE)
        self.seen["cancelled"].set()
        return b""


class GrpcServer:
    def __init__(self):
        from concurrent.futures import ThreadPoolExecutor
        self.seen = {"waiting": threading.Event(), "cancelled": threading.Event()}
        self.server = grpc.server(ThreadPoolExecutor(16), options=[("grpc.max_receive_message_length", -1),
                                                                   ("grpc.max_send_message_length", -1)])
        self.server.add_generic_rpc_handlers((Handlers(self.seen),))
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def close(self):
        self.server.stop(None)


@pytest.fixture(scope="module")
def grpc_tunnel(shared_stage):
    server = shared_stage._keep(GrpcServer())
    tunnel = Tunnel(shared_stage, lambda _: {"grpc": {"http": server.port, "name": "hello", "protocol": "h2c"}})
    tunnel.grpc = server
    return tunnel


@pytest.fixture
def channel(grpc_tunnel):
    with grpc.insecure_channel(f"127.0.0.1:{grpc_tunnel.port}", options=[
            ("grpc.default_authority", "hello.localhost"), ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1), ("grpc.enable_http_proxy", 0),
            ("grpc.use_local_subchannel_pool", 1)]) as channel:
        yield channel


def test_unary_with_metadata_and_trailers(grpc_tunnel, channel):
    answer, call = channel.unary_unary("/s/Echo").with_call(b"hello", metadata=[("x-mine", "3"), ("x-b-bin", b"\xff")],
                                                            timeout=PATIENCE)
    assert answer == b"hello"
    assert dict(call.initial_metadata())["x-first"] == "1"
    trailers = dict(call.trailing_metadata())
    assert (trailers["x-last"], trailers["x-data-bin"]) == ("2", b"\0\1\2")
    seen = grpc_tunnel.grpc.seen["metadata"]
    assert (seen["x-mine"], seen["x-b-bin"], seen["x-forwarded-for"]) == ("3", b"\xff", "127.0.0.1")


def test_server_streaming(channel):
    answers = list(channel.unary_stream("/s/Count")(b"1000", timeout=PATIENCE))
    assert answers == [str(i).encode() for i in range(1000)]


def test_client_streaming(channel):
    parts = [str(i).encode() for i in range(1000)]
    assert channel.stream_unary("/s/Join")(iter(parts), timeout=PATIENCE) == b",".join(parts)


def test_bidirectional_streaming_is_a_conversation(channel):
    """Each message is sent after the answer to the one before came."""
    answered, messages = threading.Semaphore(1), 50

    def talk():
        for i in range(messages):
            assert answered.acquire(timeout=PATIENCE)
            yield str(i).encode()

    answers = []
    for answer in channel.stream_stream("/s/Chat")(talk(), timeout=PATIENCE * 2):
        answers.append(answer)
        answered.release()
    assert answers == [f"<{i}>".encode() for i in range(messages)]


def test_errors_arrive_with_their_trailers(channel):
    with pytest.raises(grpc.RpcError) as error:
        channel.unary_unary("/s/Fail")(b"", timeout=PATIENCE)
    assert error.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert error.value.details() == "not today: %äö"
    assert dict(error.value.trailing_metadata())["x-why"] == "because"
    with pytest.raises(grpc.RpcError) as error:
        channel.unary_unary("/s/Nothing")(b"", timeout=PATIENCE)
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_an_error_after_messages(channel):
    answers = channel.unary_stream("/s/FailLate")(b"", timeout=PATIENCE)
    assert next(answers) == b"one"
    with pytest.raises(grpc.RpcError) as error:
        next(answers)
    assert (error.value.code(), error.value.details()) == (grpc.StatusCode.DATA_LOSS, "half way")


def test_a_deadline_reaches_the_server(grpc_tunnel, channel):
    grpc_tunnel.grpc.seen["cancelled"].clear()
    with pytest.raises(grpc.RpcError) as error:
        channel.unary_unary("/s/Wait")(b"", timeout=0.5)
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert grpc_tunnel.grpc.seen["cancelled"].wait(PATIENCE)


def test_a_cancelled_call_is_cancelled_at_the_server(grpc_tunnel, channel):
    seen = grpc_tunnel.grpc.seen
    seen["waiting"].clear(), seen["cancelled"].clear()
    call = channel.unary_unary("/s/Wait").future(b"")
    assert seen["waiting"].wait(PATIENCE)
    call.cancel()
    assert seen["cancelled"].wait(PATIENCE)


def test_big_messages_both_ways(channel):
    message = bytes(range(256)) * (20 * MIB // 256)
    assert channel.unary_unary("/s/Echo")(message, timeout=PATIENCE * 3) == message


def test_many_calls_at_once_share_few_connections(grpc_tunnel, channel):
    calls = [channel.unary_unary("/s/Echo").future(str(i).encode(), timeout=PATIENCE * 2) for i in range(300)]
    assert [call.result() for call in calls] == [str(i).encode() for i in range(300)]


def test_a_call_waits_while_the_agent_reconnects(stage):
    server = stage._keep(GrpcServer())
    relay = stage.relay(reconnect_grace="20s")
    agent = stage.agent(relay, {"grpc": {"http": server.port, "name": "hello", "protocol": "h2c"}})
    with grpc.insecure_channel(f"127.0.0.1:{relay.ports.http}", options=[
            ("grpc.default_authority", "hello.localhost"), ("grpc.enable_http_proxy", 0)]) as channel:
        echo = channel.unary_unary("/s/Echo")
        assert echo(b"a", timeout=PATIENCE) == b"a"
        agent.close()
        relay.program.event("link down")
        call = echo.future(b"b", timeout=PATIENCE * 2)
        agent.start()
        assert call.result() == b"b"


def test_http1_visitors_reach_an_h2c_upstream(grpc_tunnel):
    said = curl(grpc_tunnel, "/s/Nothing", "-i", "--http1.1", "-X", "POST", "-H", "Content-Type: application/grpc", "-H", "TE: trailers")
    assert said.startswith("HTTP/1.1 200")
    assert "grpc-status: 12" in said.lower()


def test_http2_visitors_without_grpc_too(grpc_tunnel):
    with H2Visitor(grpc_tunnel.port) as h2:
        answer = h2.wait(h2.request("POST", "/s/Nothing", headers=[("content-type", "application/grpc"), ("te", "trailers")],
                                    body=b"\0\0\0\0\0"))
        assert answer.status == 200
        assert (answer.trailers or answer.headers)["grpc-status"] == "12"


def test_an_upstream_that_does_not_speak_http2(stage):
    service = stage.service()
    relay = stage.relay()
    stage.agent(relay, {"web": {"http": service.port, "name": "hello", "protocol": "h2c"}})
    with relay.visitor() as visitor:
        visitor.request()
        head, _ = visitor.response()
        assert (head.status, head.get("Sallyport-Error")) == (502, "upstream-closed")


def test_nothing_listens_there(stage):
    relay = stage.relay()
    stage.agent(relay, {"web": {"http": 1, "name": "hello", "protocol": "h2c"}})
    with relay.visitor() as visitor:
        visitor.request()
        head, _ = visitor.response()
        assert (head.status, head.get("Sallyport-Error")) == (502, "upstream-refused")
