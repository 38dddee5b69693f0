#include "message_model.h"

#include "traffic_text.h"

#include <sallyport/inspect/redacted.h>

#include <algorithm>

namespace sallyport::gui {

namespace {

using inspect::Message;

QString shownKind(const Message& message)
{
    switch (message.kind) {
    case Message::Kind::Text:
        return MessageModel::tr("text");
    case Message::Kind::Binary:
        return MessageModel::tr("binary");
    case Message::Kind::Ping:
        return MessageModel::tr("ping");
    case Message::Kind::Pong:
        return MessageModel::tr("pong");
    case Message::Kind::Close:
        return MessageModel::tr("close");
    case Message::Kind::Event:
        break;
    }
    return message.event.empty() ? MessageModel::tr("event") : TrafficText::from(message.event);
}

} // namespace

QString MessageModel::shownText(const Message& message) const
{
    if (message.kind == Message::Kind::Binary)
        return QString::fromLatin1(
            QByteArray::fromStdString(message.data.substr(0, 256)).toHex(' '));
    const std::string text =
        m_showSecrets ? message.data : inspect::redactedJson(message.data, m_redaction);
    return QString::fromUtf8(text.data(), qsizetype(std::min(text.size(), MaxShown)));
}

void MessageModel::setShowSecrets(bool show)
{
    if (show == m_showSecrets)
        return;
    m_showSecrets = show;
    if (!m_messages.empty())
        emit dataChanged(index(0), index(rowCount() - 1), {TextRole});
}

bool MessageModel::hasSecrets() const
{
    return std::any_of(m_messages.begin(), m_messages.end(), [this](const Message& message) {
        return message.kind != Message::Kind::Binary &&
               inspect::redactedJson(message.data, m_redaction) != message.data;
    });
}

void MessageModel::setMessages(std::vector<Message> messages)
{
    if (messages == m_messages)
        return;
    beginResetModel();
    m_messages = std::move(messages);
    endResetModel();
    emit changed();
}

int MessageModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_messages.size());
}

QVariant MessageModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Message& message = m_messages[size_t(index.row())];
    switch (role) {
    case AtRole:
        return "+" + TrafficText::duration(message.at);
    case OutgoingRole:
        return message.direction == Message::Direction::ToVisitor;
    case KindRole:
        return shownKind(message);
    case TextRole:
        return shownText(message);
    case SizeRole:
        return TrafficText::bytes(message.size);
    default:
        return {};
    }
}

QHash<int, QByteArray> MessageModel::roleNames() const
{
    return {{AtRole, "at"},
            {OutgoingRole, "outgoing"},
            {KindRole, "kind"},
            {TextRole, "text"},
            {SizeRole, "size"}};
}

} // namespace sallyport::gui
