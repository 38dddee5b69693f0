#include "message_model.h"

#include "traffic_text.h"

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

QString shownText(const Message& message)
{
    const QByteArray data(message.data.data(),
                          qsizetype(std::min(message.data.size(), MessageModel::MaxShown)));
    if (message.kind == Message::Kind::Binary)
        return QString::fromLatin1(data.left(256).toHex(' '));
    return QString::fromUtf8(data);
}

} // namespace

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
