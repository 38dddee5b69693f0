// A value that one thread replaces and others read: immutable, shared, and free of locks while it
// does not change.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace sallyport::relay {

template <typename T>
class Published
{
public:
    using Ptr = std::shared_ptr<const T>;

    explicit Published(Ptr initial) : m_value(std::move(initial)) {}

    void publish(Ptr value)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_value = std::move(value);
        }
        m_version.fetch_add(1, std::memory_order_release);
    }

    Ptr load() const
    {
        const std::lock_guard lock(m_mutex);
        return m_value;
    }

    // One for each reading thread: asks for the value anew only when it was replaced.
    class Reader
    {
    public:
        explicit Reader(const Published& source) : m_source(source) {}
        const Ptr& get()
        {
            const uint64_t version = m_source.m_version.load(std::memory_order_acquire);
            if (!m_value || version != m_version) {
                m_version = version;
                m_value = m_source.load();
            }
            return m_value;
        }

    private:
        const Published& m_source;
        Ptr m_value;
        uint64_t m_version = 0;
    };

private:
    mutable std::mutex m_mutex;
    Ptr m_value;
    std::atomic<uint64_t> m_version{1};
};

} // namespace sallyport::relay
