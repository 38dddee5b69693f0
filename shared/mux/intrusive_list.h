// A doubly linked list whose links live in the elements: no allocation, removal from the middle in
// O(1). An element is on at most one list for each of its hooks, and must leave it before it dies.
// The list itself must not move.
#pragma once

#include <cassert>

namespace sallyport::mux {

template <typename T>
struct ListHook
{
    T* next = nullptr;
    T** link = nullptr; // what points at this element; null: on no list

    bool isLinked() const { return link != nullptr; }
};

template <typename T, ListHook<T> T::*Hook>
class IntrusiveList
{
public:
    IntrusiveList() = default;
    IntrusiveList(const IntrusiveList&) = delete;
    IntrusiveList& operator=(const IntrusiveList&) = delete;

    bool empty() const { return m_first == nullptr; }
    T* front() const { return m_first; }

    void pushBack(T& element)
    {
        ListHook<T>& hook = element.*Hook;
        assert(!hook.isLinked());
        hook.next = nullptr;
        hook.link = m_last;
        *m_last = &element;
        m_last = &hook.next;
    }

    // Harmless when the element is on no list.
    void remove(T& element)
    {
        ListHook<T>& hook = element.*Hook;
        if (!hook.isLinked())
            return;
        *hook.link = hook.next;
        if (hook.next)
            (hook.next->*Hook).link = hook.link;
        else
            m_last = hook.link;
        hook = {};
    }

    T* popFront()
    {
        T* element = m_first;
        if (element)
            remove(*element);
        return element;
    }

    // Forgets all elements; their hooks are left as they are, so only when they die too.
    void abandon()
    {
        m_first = nullptr;
        m_last = &m_first;
    }

private:
    T* m_first = nullptr;
    T** m_last = &m_first;
};

} // namespace sallyport::mux
