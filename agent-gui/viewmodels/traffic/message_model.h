// The messages of a WebSocket or an event stream, in the order they passed.
#pragma once

#include <sallyport/inspect/capture_settings.h>
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

    void setShowSecrets(bool show);
    // For the messages that are set from then on.
    void setRedaction(const inspect::Redaction& redaction) { m_redaction = redaction; }
    bool hasSecrets() const;
    void setMessages(std::vector<inspect::Message> messages);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void changed();

private:
    QString shownText(const inspect::Message& message) const;

    std::vector<inspect::Message> m_messages;
    inspect::Redaction m_redaction;
    bool m_showSecrets = false;
};

} // namespace sallyport::gui
