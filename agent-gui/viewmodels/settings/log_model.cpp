#include "log_model.h"

#include <QDateTime>

namespace sallyport::gui {

namespace {

QDateTime timeOf(const control::LogLine& line)
{
    const auto since = line.time.time_since_epoch();
    return QDateTime::fromMSecsSinceEpoch(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

} // namespace

void LogModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    connect(&session->control(), &control::AgentControl::logged, this, &LogModel::add);
    connect(&session->control(), &control::AgentControl::placeChanged, this, &LogModel::reload);
    emit sessionChanged();
    reload();
}

void LogModel::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    emit filterChanged();
    reload();
}

void LogModel::setWarningsOnly(bool only)
{
    if (only == m_warningsOnly)
        return;
    m_warningsOnly = only;
    emit filterChanged();
    reload();
}

bool LogModel::matches(const control::LogLine& line) const
{
    if (m_warningsOnly && !line.warning)
        return false;
    return m_text.isEmpty() ||
           QString::fromStdString(line.text).contains(m_text.trimmed(), Qt::CaseInsensitive);
}

void LogModel::reload()
{
    if (m_session == nullptr)
        return;
    beginResetModel();
    m_lines.clear();
    for (const auto& line : m_session->control().log())
        if (matches(line))
            m_lines.push_back(line);
    while (m_lines.size() > MaxLines)
        m_lines.pop_front();
    endResetModel();
    emit countChanged();
}

void LogModel::add(const control::LogLine& line)
{
    if (!matches(line))
        return;
    if (m_lines.size() >= MaxLines) {
        beginRemoveRows({}, 0, 0);
        m_lines.pop_front();
        endRemoveRows();
    }
    beginInsertRows({}, rowCount(), rowCount());
    m_lines.push_back(line);
    endInsertRows();
    emit countChanged();
}

void LogModel::copyAll()
{
    QString text;
    for (const auto& line : m_lines)
        text += timeOf(line).toString(Qt::ISODateWithMs) + (line.warning ? "  warning  " : "  ") +
                QString::fromStdString(line.text) + "\n";
    m_session->copy(text, tr("%n line(s) copied", nullptr, int(m_lines.size())));
}

int LogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const control::LogLine& line = m_lines[size_t(index.row())];
    switch (role) {
    case TimeRole:
        return timeOf(line).toString("HH:mm:ss");
    case WarningRole:
        return line.warning;
    case TextRole:
        return QString::fromStdString(line.text);
    default:
        return {};
    }
}

QHash<int, QByteArray> LogModel::roleNames() const
{
    return {{TimeRole, "time"}, {WarningRole, "warning"}, {TextRole, "text"}};
}

} // namespace sallyport::gui
