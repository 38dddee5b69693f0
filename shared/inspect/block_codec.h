// How exchanges stand in a block of the history: three byte strings with an entry for each exchange
// in the same order. Rows hold what a table shows, details the heads and messages, bodies those
// that are short. Numbers are LEB128, texts and entries have their length before them, that of an
// entry in four bytes.
//
// Reading stops at what can't be read; it never goes beyond the bytes given.
#pragma once

#include "captured_exchange.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::inspect {

struct BlockBytes
{
    std::string rows;
    std::string details;
    std::string bodies;

    void append(const CapturedExchange& exchange);
    void clear();
    size_t size() const { return rows.size() + details.size() + bodies.size(); }
};

// Goes through the rows of a block:
//
//     for (RowReader row(bytes); row.next();) ... row.index(), row.id(), row.read(exchange)
class RowReader
{
public:
    explicit RowReader(std::string_view rows) : m_rest(rows) {}

    bool next();
    size_t index() const { return m_count - 1; }
    RecordId id() const { return m_id; }
    // The record, and what is kept of its bodies; reuses what `exchange` has allocated.
    bool read(CapturedExchange& exchange) const;

private:
    std::string_view m_rest;
    std::string_view m_entry;
    size_t m_count = 0;
    RecordId m_id = 0;
};

// Heads, trailers and messages of the entry `index`; the bodies that are not files.
bool readDetails(std::string_view details, size_t index, CapturedExchange& exchange);
bool readBodies(std::string_view bodies, size_t index, CapturedExchange& exchange);

} // namespace sallyport::inspect
