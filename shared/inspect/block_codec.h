// How exchanges stand in a block of the history: three byte strings with an entry for each exchange
// in the same order. Rows hold what a table shows, details the heads and messages, bodies those
// that are short. Numbers are LEB128, texts and entries have their length before them, that of an
// entry in four bytes.
//
// Exchanges that follow each other are much alike, so an entry says only what is not as in the one
// before it: of a row the texts that differ, of a head what stands between its first and its last
// bytes that are the same. That is a fifth to a tenth of what there would be to write.
//
// Reading stops at what can't be read; it never goes beyond the bytes given.
#pragma once

#include "captured_exchange.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::inspect {

inline constexpr size_t RowTexts = 8;

class BlockBytes
{
public:
    void append(const CapturedExchange& exchange);
    void clear();

    const std::string& rows() const { return m_rows; }
    const std::string& details() const { return m_details; }
    const std::string& bodies() const { return m_bodies; }
    size_t size() const { return m_rows.size() + m_details.size() + m_bodies.size(); }

private:
    void appendRow(const CapturedExchange& exchange);
    void appendDetails(const CapturedExchange& exchange);
    void appendBodies(const CapturedExchange& exchange);

    std::string m_rows;
    std::string m_details;
    std::string m_bodies;
    // Of the entry before.
    uint64_t m_begun = 0;
    std::array<std::string, RowTexts> m_texts;
    std::string m_requestHead;
    std::string m_responseHead;
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
    RecordId id() const { return m_row.id; }
    // The record, and what is kept of its bodies; reuses what `exchange` has allocated.
    void read(CapturedExchange& exchange) const;

private:
    // An entry as it stands there.
    struct Row
    {
        RecordId id = 0;
        RecordKind kind = RecordKind::Http;
        Outcome outcome = Outcome::Pending;
        uint64_t flags = 0;
        unsigned status = 0;
        uint64_t begun = 0;
        std::array<std::optional<std::chrono::microseconds>, 3> times;
        std::array<uint64_t, 6> counts{};
        std::array<std::string_view, RowTexts> texts;
    };

    std::string_view m_rest;
    size_t m_count = 0;
    Row m_row;
};

// Heads, trailers and messages of the entry `index`; the bodies that are not files.
bool readDetails(std::string_view details, size_t index, CapturedExchange& exchange);
bool readBodies(std::string_view bodies, size_t index, CapturedExchange& exchange);

} // namespace sallyport::inspect
