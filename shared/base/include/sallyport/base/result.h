// Result<T, E>: a value or the reason why there is none. C++20 has no std::expected.
#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace sallyport {

// Wraps an error so that Result<T, E> can be built from it: `return Failure(ParseError::TooLong);`
template <typename E>
struct Failure
{
    explicit Failure(E e) : error(std::move(e)) {}
    E error;
};

template <typename T, typename E>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    // Of the same kind, with an error that becomes ours.
    template <typename F>
    requires(!std::is_same_v<F, E> && std::is_convertible_v<F, E>) Result(Result<T, F> other)
        : m_state(other ? State(std::in_place_index<0>, std::move(other).value())
                        : State(std::in_place_index<1>, other.error()))
    {}
    template <typename F>
    Result(Failure<F> failure) : m_state(std::in_place_index<1>, std::move(failure.error))
    {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() &
    {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    const T& value() const&
    {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    T&& value() &&
    {
        assert(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    const E& error() const
    {
        assert(!ok());
        return *std::get_if<1>(&m_state);
    }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    using State = std::variant<T, E>;
    State m_state;
};

template <typename E>
class [[nodiscard]] Result<void, E>
{
public:
    Result() = default;
    template <typename F>
    requires(!std::is_same_v<F, E> && std::is_convertible_v<F, E>)
        Result(const Result<void, F>& other)
    {
        if (!other)
            m_state.template emplace<1>(other.error());
    }
    template <typename F>
    Result(Failure<F> failure) : m_state(std::in_place_index<1>, std::move(failure.error))
    {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }
    const E& error() const
    {
        assert(!ok());
        return *std::get_if<1>(&m_state);
    }

private:
    std::variant<std::monostate, E> m_state;
};

} // namespace sallyport
