// An exchange as it is kept: heads as text, and what of its bodies there is. Plain values.
#pragma once

#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/record.h>

#include <list>
#include <string>

namespace sallyport::inspect {

struct KeptBody
{
    uint64_t kept = 0;
    std::string bytes; // where it is short; else it is a file
    bool inFile = false;
};

struct CapturedExchange
{
    // Bodies up to here stand in the database.
    static constexpr size_t InlineLimit = 8 * 1024;

    Record record;
    std::string requestHead;
    std::string responseHead;
    std::string trailers;
    KeptBody request;
    KeptBody response;
    std::list<Message> messages; // of most there is none, and then it allocates nothing

    const KeptBody& body(Side side) const { return side == Side::Request ? request : response; }
    KeptBody& body(Side side) { return side == Side::Request ? request : response; }
    Exchange toExchange(const Redaction& redaction) const;
};

} // namespace sallyport::inspect
