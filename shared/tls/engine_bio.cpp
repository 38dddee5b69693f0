#include "engine_bio.h"

#include <sallyport/tls/engine.h>

#include <algorithm>
#include <cstring>

namespace sallyport::tls {

BIO* EngineBio::create(Engine* engine)
{
    const BIO_METHOD* type = method();
    BIO* bio = type ? BIO_new(type) : nullptr;
    if (!bio)
        return nullptr;
    BIO_set_data(bio, engine);
    BIO_set_init(bio, 1);
    return bio;
}

const BIO_METHOD* EngineBio::method()
{
    static const BIO_METHOD* shared = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "engine");
        if (!made)
            return made;
        BIO_meth_set_read_ex(made, read);
        BIO_meth_set_write_ex(made, write);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    return shared;
}

int EngineBio::read(BIO* bio, char* data, size_t size, size_t* taken)
{
    Engine& engine = *static_cast<Engine*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const ByteView from = engine.m_kept.empty() ? engine.m_input : engine.m_kept.front();
    if (from.empty()) {
        BIO_set_retry_read(bio);
        return 0;
    }
    const size_t n = std::min(size, from.size());
    if (!engine.m_handshakeDone && !engine.admitHandshakeBytes(from.first(n)))
        return 0;
    std::memcpy(data, from.data(), n);
    if (engine.m_kept.empty())
        engine.m_input = engine.m_input.subspan(n);
    else
        engine.m_kept.consume(n);
    *taken = n;
    return 1;
}

int EngineBio::write(BIO* bio, const char* data, size_t size, size_t* written)
{
    Engine& engine = *static_cast<Engine*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (engine.m_reading && engine.m_handshakeDone && !engine.admitReplyBytes(size))
        return 0;
    engine.m_output.append({reinterpret_cast<const std::byte*>(data), size});
    *written = size;
    return 1;
}

long EngineBio::control(BIO*, int command, long, void*)
{
    // Nothing is held back, so a flush is done at once; no other command applies.
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

} // namespace sallyport::tls
