#include "identity/verifier.h"

#include <utility>

namespace sallyport::relay {

void Verifier::verifyLater(Proof, Done done)
{
    done(wire::Refusal(wire::RefusalCode::Internal));
}

void Verifiers::add(std::string scheme, auth::Source source, Verifier& verifier)
{
    m_entries.push_back({std::move(scheme), source, &verifier});
}

Verifier* Verifiers::forScheme(std::string_view scheme) const
{
    if (!m_only.empty() && scheme != m_only)
        return nullptr;
    for (const Entry& entry : m_entries)
        if (entry.scheme == scheme)
            return entry.verifier;
    return nullptr;
}

Verifier* Verifiers::forSource(auth::Source source) const
{
    for (const Entry& entry : m_entries)
        if (entry.source == source)
            return entry.verifier;
    return nullptr;
}

} // namespace sallyport::relay
