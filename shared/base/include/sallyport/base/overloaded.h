// One visitor of a variant from several lambdas: std::visit(Overloaded{[](A) {}, [](B) {}}, value).
#pragma once

namespace sallyport {

template <typename... F>
struct Overloaded : F...
{
    using F::operator()...;
};
// C++20 deduces this by itself; clang 14 does not yet.
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;

} // namespace sallyport
