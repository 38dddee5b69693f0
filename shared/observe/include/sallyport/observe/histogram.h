// A histogram of latencies (or sizes) with a bounded error, in a fixed amount of memory.
//
// Log-linear: values below 64 have a bucket each; above, every power of two is cut into 32 equal
// buckets, so a quantile is at most 1/32 (3.2 %) above the exact one, and never below it. Values
// above 2^40 - 1 are counted as that (in microseconds: 12 days). About 9 KiB.
//
// Threads: one thread records; any thread may take a snapshot. Snapshots of several threads'
// histograms are merged.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sallyport::observe {

namespace detail {
constexpr unsigned SubBits = 5;
constexpr unsigned TopBits = 40;
constexpr uint64_t MaxValue = (uint64_t(1) << TopBits) - 1;
// Index of the bucket that holds a value, and the greatest value of a bucket.
size_t bucketOf(uint64_t value);
uint64_t bucketTop(size_t bucket);
constexpr size_t BucketCount = ((TopBits - SubBits) << SubBits) + (size_t(1) << SubBits);
} // namespace detail

class HistogramSnapshot
{
public:
    HistogramSnapshot() : m_buckets(detail::BucketCount, 0) {}

    void merge(const HistogramSnapshot& other);
    // What came since an earlier snapshot of the same histogram.
    HistogramSnapshot since(const HistogramSnapshot& earlier) const;

    uint64_t count() const { return m_count; }
    uint64_t sum() const { return m_sum; }
    double mean() const { return m_count == 0 ? 0 : double(m_sum) / double(m_count); }
    uint64_t max() const;
    // The smallest recorded value (rounded up to its bucket's top) that at least `q` of all values
    // do not exceed; q from 0 to 1. 0 when nothing was recorded.
    uint64_t quantile(double q) const;

private:
    friend class Histogram;
    std::vector<uint64_t> m_buckets;
    uint64_t m_count = 0;
    uint64_t m_sum = 0;
};

class Histogram
{
public:
    void record(uint64_t value);
    // In microseconds.
    void record(std::chrono::nanoseconds time)
    {
        record(time.count() <= 0 ? 0 : static_cast<uint64_t>(time.count()) / 1000);
    }
    HistogramSnapshot snapshot() const;

private:
    std::array<std::atomic<uint64_t>, detail::BucketCount> m_buckets{};
    std::atomic<uint64_t> m_sum{0};
};

} // namespace sallyport::observe
