#include <sallyport/observe/histogram.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace sallyport::observe {

namespace detail {

size_t bucketOf(uint64_t value)
{
    value = std::min(value, MaxValue);
    constexpr uint64_t linear = uint64_t(1) << SubBits;
    if (value < linear)
        return static_cast<size_t>(value);
    // How often the value must be halved until SubBits bits stand behind its leading one.
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - SubBits;
    return (size_t(shift) << SubBits) + static_cast<size_t>(value >> shift);
}

uint64_t bucketTop(size_t bucket)
{
    constexpr size_t linear = size_t(1) << SubBits;
    if (bucket < 2 * linear)
        return bucket;
    const size_t shift = (bucket >> SubBits) - 1;
    const uint64_t mantissa = linear + (bucket & (linear - 1));
    return ((mantissa + 1) << shift) - 1;
}

} // namespace detail

void HistogramSnapshot::merge(const HistogramSnapshot& other)
{
    for (size_t i = 0; i < m_buckets.size(); ++i)
        m_buckets[i] += other.m_buckets[i];
    m_count += other.m_count;
    m_sum += other.m_sum;
}

HistogramSnapshot HistogramSnapshot::since(const HistogramSnapshot& earlier) const
{
    HistogramSnapshot difference = *this;
    for (size_t i = 0; i < m_buckets.size(); ++i)
        difference.m_buckets[i] -= earlier.m_buckets[i];
    difference.m_count -= earlier.m_count;
    difference.m_sum -= earlier.m_sum;
    return difference;
}

uint64_t HistogramSnapshot::max() const
{
    for (size_t i = m_buckets.size(); i-- > 0;)
        if (m_buckets[i] > 0)
            return detail::bucketTop(i);
    return 0;
}

uint64_t HistogramSnapshot::quantile(double q) const
{
    if (m_count == 0)
        return 0;
    const double rank = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(m_count));
    const uint64_t wanted = std::clamp<uint64_t>(static_cast<uint64_t>(rank), 1, m_count);
    uint64_t seen = 0;
    for (size_t i = 0; i < m_buckets.size(); ++i) {
        seen += m_buckets[i];
        if (seen >= wanted)
            return detail::bucketTop(i);
    }
    return max();
}

void Histogram::record(uint64_t value)
{
    // One writer: a load and a store, without the bus lock of fetch_add.
    std::atomic<uint64_t>& bucket = m_buckets[detail::bucketOf(value)];
    bucket.store(bucket.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    m_sum.store(m_sum.load(std::memory_order_relaxed) + std::min(value, detail::MaxValue),
                std::memory_order_relaxed);
}

HistogramSnapshot Histogram::snapshot() const
{
    HistogramSnapshot snapshot;
    for (size_t i = 0; i < m_buckets.size(); ++i) {
        snapshot.m_buckets[i] = m_buckets[i].load(std::memory_order_relaxed);
        // Counted from the buckets, so that quantiles fit even when the writer is at work.
        snapshot.m_count += snapshot.m_buckets[i];
    }
    snapshot.m_sum = m_sum.load(std::memory_order_relaxed);
    return snapshot;
}

} // namespace sallyport::observe
