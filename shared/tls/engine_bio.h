// The BIO through which OpenSSL takes an engine's ciphertext and leaves its own: reads come
// straight from the bytes given to receive(), writes go straight to output(). Private to this
// library.
//
// Unlike a memory BIO it owns no buffer. It never says "end of file": the engine knows when input
// ended, and tells a proper end from a cut one itself.
#pragma once

#include "openssl.h"

namespace sallyport::tls {

class Engine;

struct EngineBio
{
    // Null when out of memory.
    static BIO* create(Engine* engine);

private:
    static const BIO_METHOD* method();
    static int read(BIO* bio, char* data, size_t size, size_t* taken);
    static int write(BIO* bio, const char* data, size_t size, size_t* written);
    static long control(BIO* bio, int command, long number, void* pointer);
};

} // namespace sallyport::tls
