// Held while the authority's folder changes. Private to CaStore.
#pragma once

#include "authority/ca_store.h"

#include <QLockFile>

namespace sallyport::relay {

class CaLock
{
public:
    CaLock(const std::string& folder, std::chrono::milliseconds timeout);
    // Why it is not held.
    std::optional<CaError> error() const;

private:
    QLockFile m_lock;
    std::string m_folder;
    bool m_held = false;
};

} // namespace sallyport::relay
