#include "mutations.h"

#include <algorithm>

namespace sallyport::http {

std::vector<std::string> validRequests()
{
    const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    const std::string get =
        "GET /index.html?x=1 HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\n\r\n";
    const std::string post =
        "POST /form HTTP/1.1\r\nHost: example.com\r\nContent-Length: 11\r\n\r\nhello world";
    const std::string chunked =
        "PUT /up HTTP/1.1\r\nHost: a.example:8080\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n";
    const std::string trailers =
        "POST /t HTTP/1.1\r\nHost: a\r\ntransfer-encoding: Chunked\r\nTrailer: Digest\r\n\r\n"
        "A\r\n0123456789\r\n000\r\nDigest: x\r\nServer-Timing: y\r\n\r\n";
    return {
        get,
        post,
        chunked,
        trailers,
        get + get + get,
        post + chunked + trailers + get,
        "\r\n" + get + "\r\n" + post,
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n" + get,
        "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
        "DELETE /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n" + get,
        "GET http://other.example/path HTTP/1.1\r\nHost: a\r\n\r\n" + get,
        "HEAD /a HTTP/1.1\r\nHost: [::1]:80\r\nX:\r\nY: \t a \t b\t\r\n\r\n" + post,
        "PATCH /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab" + get,
        "GET /c HTTP/1.1\r\nHost: a\r\n" + upgrade + "\r\n\x81\x02hi",
        "POST /c HTTP/1.1\r\nHost: a\r\n" + upgrade + "Content-Length: 2\r\n\r\nabrest",
        "POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n" + get,
        "GET /c HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\nUser-Agent: x (y; z)\r\nTE: trailers\r\n"
        "Connection: keep-alive, TE\r\nKeep-Alive: 300\r\n\r\n" +
            get,
    };
}

std::vector<std::string> validResponses()
{
    const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\nhello";
    const std::string chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    return {
        ok,
        chunked,
        ok + chunked + ok,
        "HTTP/1.1 100 Continue\r\n\r\n" + ok,
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + chunked,
        "HTTP/1.1 204 No Content\r\n\r\n" + ok,
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n" + ok,
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" + ok,
        "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.0 200 OK\r\n\r\nuntil the end",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na" + ok,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil\r\n\r\nthe end",
        "HTTP/1.1 101 Switching Protocols\r\n" + upgrade + "\r\n\x81\x02hi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: "
        "A\r\n\r\n1;a=\"b\"\r\nx\r\n0\r\nA: b\r\n\r\n" +
            ok,
    };
}

namespace {

using Random = std::mt19937;

size_t below(Random& random, size_t limit)
{
    return limit == 0 ? 0 : random() % limit;
}

template <typename Container>
const auto& oneOf(Random& random, const Container& container)
{
    return container[below(random, std::size(container))];
}

void changeByte(std::string& text, Random& random)
{
    static constexpr char Nasty[] = "\0\r\n\t \v\x7f\x80\xff:;,=\"\\#%/?@[]+-_0159aAfFgxX*";
    if (!text.empty())
        text[below(random, text.size())] = oneOf(random, Nasty);
}

void insertPiece(std::string& text, Random& random)
{
    static constexpr std::string_view Pieces[] = {"\r\n",
                                                  "\n",
                                                  "\r",
                                                  " ",
                                                  "\t",
                                                  "\r\n\r\n",
                                                  "\r\n ",
                                                  ":",
                                                  "0",
                                                  "0\r\n\r\n",
                                                  "1\r\nx\r\n",
                                                  ";a",
                                                  ",",
                                                  "\v",
                                                  "Content-Length: 5\r\n",
                                                  "Content-Length: 0\r\n",
                                                  "Transfer-Encoding: chunked\r\n",
                                                  "Host: b\r\n",
                                                  "Transfer-Encoding: identity\r\n",
                                                  "Connection: close\r\n",
                                                  "Connection: upgrade\r\nUpgrade: x\r\n",
                                                  "Expect: 100-continue\r\n",
                                                  "X: a\r\n b\r\n",
                                                  "X:\r",
                                                  "X : y\r\n",
                                                  "chunked",
                                                  "http://",
                                                  "HTTP/1.0",
                                                  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                                  "Trailer: x\r\n",
                                                  "Content-Length:\r\n"};
    text.insert(below(random, text.size() + 1), oneOf(random, Pieces));
}

void insertAtLineStart(std::string& text, Random& random)
{
    static constexpr std::string_view Lines[] = {"Content-Length: 5\r\n",
                                                 "Content-Length: 11\r\n",
                                                 "content-length:3\r\n",
                                                 "Transfer-Encoding: chunked\r\n",
                                                 "Transfer-Encoding:\tchunked \r\n",
                                                 "Host: b\r\n",
                                                 "Connection: close\r\n",
                                                 "Connection: keep-alive\r\n",
                                                 "Connection: upgrade\r\n",
                                                 "Upgrade: h2c\r\n",
                                                 "X:\r\n",
                                                 "X: \r\n",
                                                 "Y:  z\t\r\n",
                                                 " folded\r\n",
                                                 "Expect: 100-continue\r\n",
                                                 "Proxy-Connection: close\r\n",
                                                 "\r\n"};
    const size_t at = text.find("\r\n", below(random, text.size() + 1));
    if (at != text.npos)
        text.insert(at + 2, oneOf(random, Lines));
}

void eraseRange(std::string& text, Random& random)
{
    text.erase(below(random, text.size()), 1 + below(random, 8));
}

void eraseLine(std::string& text, Random& random)
{
    const size_t at = text.find("\r\n", below(random, text.size() + 1));
    const size_t end = at == text.npos ? at : text.find("\r\n", at + 2);
    if (end != text.npos)
        text.erase(at, end - at);
}

void repeatRange(std::string& text, Random& random)
{
    const size_t at = below(random, text.size());
    text.insert(at, text.substr(at, 1 + below(random, 40)));
}

void changeDigit(std::string& text, Random& random)
{
    const size_t at = text.find_first_of("0123456789", below(random, text.size() + 1));
    if (at != text.npos)
        text[at] = static_cast<char>('0' + below(random, 10));
}

} // namespace

std::string mutate(std::string text, std::string_view other, std::mt19937& random)
{
    for (size_t changes = 1 + below(random, 4); changes > 0; --changes) {
        if (text.empty())
            break;
        switch (below(random, 9)) {
        case 0:
            changeByte(text, random);
            break;
        case 1:
            insertPiece(text, random);
            break;
        case 2:
            eraseRange(text, random);
            break;
        case 3:
            eraseLine(text, random);
            break;
        case 4:
            repeatRange(text, random);
            break;
        case 5:
            changeDigit(text, random);
            break;
        case 6:
            text.insert(below(random, text.size() + 1),
                        other.substr(0, below(random, other.size() + 1)));
            break;
        default:
            insertAtLineStart(text, random);
        }
    }
    return text;
}

} // namespace sallyport::http
