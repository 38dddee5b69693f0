// The rows of the history, in SQLite. Every call is a statement or a few; an error is a sentence of
// the database's, and what was to be written is then missing.
//
// The schema has a number (user_version). A file of another number, or one that can't be read, is
// not touched: open() says so, and its owner sets it aside.
//
// Threads: the one it was opened on.
#pragma once

#include "captured_exchange.h"

#include <sallyport/base/result.h>
#include <sallyport/inspect/traffic_source.h>

#include <QSqlDatabase>
#include <QSqlQuery>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::inspect {

class Database
{
public:
    static constexpr int Schema = 1;

    enum class OpenError : uint8_t {
        Unreadable, // corrupt, or not a database
        Newer,      // written by a later version
        Unwritable, // the place
    };

    Database();
    ~Database();

    Result<void, std::pair<OpenError, std::string>> open(const std::string& path);
    void close();

    // Rows between these two are written together.
    void begin();
    void commit();
    bool insert(const CapturedExchange& exchange);

    std::vector<Record> query(const Query& query);
    std::optional<CapturedExchange> find(RecordId id);
    bool has(RecordId id);

    struct KeptBodies
    {
        RecordId id;
        uint64_t bytes;
    };
    // Those behind `after` that have bodies, oldest first.
    std::vector<KeptBodies> bodiesAfter(RecordId after, uint32_t limit);
    void forgetBodies(RecordId id);

    uint64_t count();
    uint64_t bodyBytes();
    // The newest id that must go so that `rows` are left; 0: none.
    RecordId surplus(uint64_t rows);
    void removeUpTo(RecordId last);
    void removeAll();

    // Ids below this have been used, or may have been.
    RecordId reservedIds();
    void reserveIds(RecordId below);

    const std::string& lastError() const { return m_lastError; }

private:
    bool createSchema();
    bool run(const QString& statement);
    bool run(QSqlQuery& query);
    uint64_t number(const QString& statement);
    void insertMessages(const CapturedExchange& exchange);

    QString m_name;
    QSqlDatabase m_database;
    struct Statements;
    std::unique_ptr<Statements> m_statements;
    std::string m_lastError;
};

} // namespace sallyport::inspect
