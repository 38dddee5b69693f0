// Certificate pairs of files (tls.mode: files) in the book: read at the start, watched, and read
// again when they change. A pair that can't be used is refused with a line in the log that says
// why, and the one before it stays.
//
// Threads: the control thread.
#pragma once

#include "certificates/certificate_book.h"

#include <sallyport/config/file_watcher.h>
#include <sallyport/config/relay_config.h>
#include <sallyport/observe/log.h>

#include <map>
#include <optional>
#include <string>

namespace sallyport::relay {

class CertificateFiles
{
public:
    using Pairs = std::map<std::string, config::RelayConfig::CertificateFiles>; // by label

    CertificateFiles(CertificateBook& book, observe::Log log);

    // Every pair must be good then; the sentence says which is not.
    std::optional<std::string> start(Pairs pairs);
    // Reads all of them again; false when one was refused.
    bool reload();

private:
    std::optional<std::string> load(const std::string& label,
                                    const config::RelayConfig::CertificateFiles& files);

    CertificateBook& m_book;
    observe::Log m_log;
    Pairs m_pairs;
    std::map<std::string, std::string> m_inUse; // by label: what was put into the book, hashed
    config::FileWatcher m_watcher;
};

} // namespace sallyport::relay
