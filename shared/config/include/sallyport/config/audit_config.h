// The relay's audit log (docs/audit.md).
#pragma once

#include <sallyport/config/fields.h>

#include <cstdint>
#include <string>

namespace sallyport::config {

struct AuditConfig
{
    bool enabled = true;
    std::string file;                    // empty: audit.jsonl in the state folder
    uint64_t maxSize = 16 * 1024 * 1024; // of one file
    uint64_t keep = 4;                   // older files
    uint64_t queue = 1 * 1024 * 1024;    // bytes that wait for the disk

    void declare(Fields& fields);
};

} // namespace sallyport::config
