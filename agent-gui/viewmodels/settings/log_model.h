// What the agent said, newest last, with a filter. At most 1,000 lines, as the agent keeps.
//
// Threads: the GUI's.
#pragma once

#include "session.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <deque>

namespace sallyport::gui {

class LogModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session MEMBER m_session WRITE setSession NOTIFY
                   sessionChanged REQUIRED)
    Q_PROPERTY(QString text MEMBER m_text WRITE setText NOTIFY filterChanged)
    Q_PROPERTY(bool warningsOnly MEMBER m_warningsOnly WRITE setWarningsOnly NOTIFY filterChanged)
    Q_PROPERTY(int count READ rowCount NOTIFY countChanged)

public:
    static constexpr size_t MaxLines = 1'000;
    enum Role { TimeRole = Qt::UserRole, WarningRole, TextRole };

    using QAbstractListModel::QAbstractListModel;

    void setSession(Session* session);
    void setText(const QString& text);
    void setWarningsOnly(bool only);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    // The lines that are shown, into the clipboard.
    Q_INVOKABLE void copyAll();

signals:
    void sessionChanged();
    void filterChanged();
    void countChanged();

private:
    void reload();
    void add(const control::LogLine& line);
    bool matches(const control::LogLine& line) const;

    Session* m_session = nullptr;
    QString m_text;
    bool m_warningsOnly = false;
    std::deque<control::LogLine> m_lines;
};

} // namespace sallyport::gui
