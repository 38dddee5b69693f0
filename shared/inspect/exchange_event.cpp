#include "exchange_event.h"

#include <sallyport/base/overloaded.h>

#include <array>
#include <cstring>

namespace sallyport::inspect {

namespace {

using Texts = std::array<std::string_view*, 2>; // null: none

Texts textsOf(ExchangeEvent& event)
{
    return std::visit(Overloaded{
                          [](Begun& begun) {
                              return Texts{&begun.head, &begun.note};
                          },
                          [](BodyPiece& piece) { return Texts{&piece.bytes}; },
                          [](Answered& answered) { return Texts{&answered.head}; },
                          [](MessageSeen& seen) { return Texts{&seen.data}; },
                          [](Ended& ended) {
                              return Texts{&ended.error, &ended.trailers};
                          },
                          [](auto&) { return Texts{}; },
                      },
                      event.what);
}

} // namespace

size_t textSize(const ExchangeEvent& event)
{
    size_t size = 0;
    for (const std::string_view* text : textsOf(const_cast<ExchangeEvent&>(event)))
        size += text ? text->size() : 0;
    return size;
}

void moveTexts(ExchangeEvent& event, char* place)
{
    for (std::string_view* text : textsOf(event)) {
        if (!text || text->empty())
            continue;
        std::memcpy(place, text->data(), text->size());
        *text = {place, text->size()};
        place += text->size();
    }
}

} // namespace sallyport::inspect
