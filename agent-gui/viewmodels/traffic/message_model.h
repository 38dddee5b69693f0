// The messages of a WebSocket or an event stream, in the order they passed.
#pragma once

#include <sallyport/inspect/record.h>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace sallyport::gui {

class MessageModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to an exchange")

    Q_PROPERTY(int count READ rowCount NOTIFY changed)

public:
    enum Role { AtRole = Qt::UserRole, OutgoingRole, KindRole, TextRole, SizeRole };
    // Of a message's text, on screen.
    static constexpr size_t MaxShown = 4'096;

    using QAbstractListModel::QAbstractListModel;

    void setMessages(std::vector<inspect::Message> messages);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void changed();

private:
    std::vector<inspect::Message> m_messages;
};

} // namespace sallyport::gui
