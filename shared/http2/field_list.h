// From what the readers of shared/http made of a head to the field list of an HTTP/2 message (RFC
// 9113 section 8.2): names in lower case, nothing of a connection, one spelling of lengths.
#pragma once

#include <sallyport/http/message.h>

#include <nghttp2/nghttp2.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http2 {

class FieldList
{
public:
    static FieldList answer(const http::ResponseHead& head, bool own);
    static FieldList request(const http::RequestHead& head);
    static FieldList trailers(std::string_view lines);

    // Valid as long as the list.
    std::vector<nghttp2_nv> view() const;
    bool empty() const { return m_fields.empty(); }

private:
    void add(std::string_view name, std::string_view value);
    void addFieldsOf(const http::MessageHead& head, http::FieldSet dropped);

    struct Place
    {
        size_t at;
        size_t nameSize;
        size_t valueSize;
    };
    std::string m_text;
    std::vector<Place> m_fields;
};

} // namespace sallyport::http2
