// The history's records, in SQLite. They are written in blocks, one row of the database for all
// that ended within a moment (block_codec.h): a statement for each record would cost more than all
// the rest of recording it. Every call is a statement or a few; an error is a sentence of the
// database's, and what was to be written is then missing.
//
// Records leave in the order in which they were written, their bodies before them. Both ends are
// kept as a place, a block and an index in it; a block goes when all of it has left.
//
// The schema has a number (user_version). A file of another number, or one that can't be read, is
// not touched: open() says so, and its owner sets it aside.
//
// Threads: the one it was opened on.
#pragma once

#include "block_codec.h"

#include <sallyport/base/result.h>
#include <sallyport/inspect/traffic_source.h>

#include <QByteArray>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::inspect {

class Database
{
public:
    static constexpr int Schema = 3;
    // A block is whole when it has so many records or bytes, and at a commit of all.
    static constexpr size_t BlockRecords = 1024;
    static constexpr size_t BlockSize = 256 * 1024;
    static constexpr size_t UnwrittenLimit = 16 * 1024 * 1024;

    enum class OpenError : uint8_t {
        Unreadable,   // corrupt, or not a database
        OtherVersion, // written by one
        Unwritable,   // the place, or it is full
    };

    Database();
    ~Database();

    // Closes what was open before; what is not written yet stays.
    Result<void, std::pair<OpenError, std::string>> open(const std::string& path);
    // As it was when it was last closed, nothing of it touched. commit() fails.
    bool openToRead(const std::string& path);
    // Neither closed nor opened to read alone.
    bool isWritable() const { return m_statements != nullptr; }
    bool isInTransaction() const { return m_inTransaction; }
    // Says that all is written; without it the next open() reads the whole file to check it.
    void close();

    enum class Commit : uint8_t {
        All,
        WholeBlocks, // what is no block yet waits for a later one
    };
    // Records between these two are written together. After a failure all of them wait for the next
    // commit(), which may be long after.
    void begin();
    bool commit(Commit what = Commit::All);
    bool waits() const { return m_pending.count > 0 || !m_unwritten.empty(); }
    void insert(const CapturedExchange& exchange);
    // In place of commit(), where that would fail again.
    void hold();

    std::vector<Record> query(const Query& query);
    std::optional<CapturedExchange> find(RecordId id);
    bool has(RecordId id);

    struct KeptBodies
    {
        RecordId id = 0;
        uint64_t bytes = 0;
        bool inFile = false; // at least one of the two
    };
    // Forgets the bodies of the oldest that have any, until `bytes` are free or there are no more.
    // Says whose, for their files.
    std::vector<KeptBodies> forgetBodies(uint64_t bytes);

    uint64_t count();
    uint64_t bodyBytes();
    RecordId newestId(); // 0: none

    struct Removed
    {
        RecordId last = 0; // the highest of them
        uint64_t count = 0;
        std::vector<KeptBodies> bodies; // one for several where none is a file
    };
    // At least and at most so many; whole blocks, which cost least, where they fit.
    Removed removeOldest(uint64_t least, uint64_t most);
    // Those not written yet are gone in any case. False: the others are not.
    bool removeAll();
    // What had to be dropped since the last call, and its bodies.
    Removed takeLost();

    const std::string& lastError() const { return m_lastError; }

private:
    struct Place
    {
        qlonglong block = 0;
        qlonglong index = 0;
        bool isBefore(Place other) const
        {
            return block < other.block || (block == other.block && index < other.index);
        }
    };
    struct Block
    {
        BlockBytes bytes;
        RecordId first = 0;
        RecordId last = 0;
        uint64_t kept = 0;
        size_t files = 0; // bodies in such
        size_t count = 0;
        bool written = false; // by the transaction that is open
    };
    struct RowsOf
    {
        qlonglong block = 0;
        QByteArray bytes;
        std::string_view view() const { return {bytes.data(), size_t(bytes.size())}; }
    };
    struct Located
    {
        Place place;
        CapturedExchange exchange;
    };

    Result<void, OpenError> prepare(const std::string& path);
    bool openToRead(const QString& name, const QString& options);
    OpenError openError(OpenError otherwise) const;
    bool createSchema();
    bool readState();
    bool readPlaces();
    bool writeState();
    void seal();
    bool writeBlocks();
    bool writeWholeBlocks();
    bool writeBlock(const Block& block);
    bool note(const QSqlError& error);
    void dropUnwritten();
    std::optional<CapturedExchange> findUnwritten(RecordId id);
    std::optional<Located> locate(RecordId id);
    bool removeWhole(uint64_t limit, Removed& removed);
    std::optional<RowsOf> firstRows(qlonglong from, const char* condition = "");
    void dropBodies(const CapturedExchange& exchange, Place place, std::vector<KeptBodies>& gone);
    bool run(const QString& statement);
    bool run(QSqlQuery& query);
    std::optional<qlonglong> number(const QString& statement);

    QString m_name;
    QSqlDatabase m_database;
    struct Statements;
    std::unique_ptr<Statements> m_statements;
    Block m_pending;
    std::deque<Block> m_unwritten; // sealed; oldest first
    size_t m_unwrittenBytes = 0;
    Removed m_lost;
    qlonglong m_nextBlock = 1;
    Place m_rowsFrom;   // the first that is there
    Place m_bodiesFrom; // the first whose bodies are
    bool m_stateChanged = false;
    bool m_inTransaction = false;
    int m_lastCode = 0; // SQLite's
    std::string m_lastError;
};

} // namespace sallyport::inspect
