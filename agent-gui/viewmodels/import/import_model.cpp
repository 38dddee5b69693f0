#include "import_model.h"

#include "problem_text.h"

#include <sallyport/config/files.h>

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace sallyport::gui {

namespace {

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

} // namespace

ImportModel::ImportModel(QObject* parent) : QAbstractListModel(parent) {}

QString ImportModel::source() const
{
    if (!m_result)
        return {};
    const std::string_view format = desktop::toText(m_result->format);
    return QStringLiteral("%1 (%2)").arg(
        m_fileName, QString::fromUtf8(format.data(), qsizetype(format.size())));
}

QStringList ImportModel::notes() const
{
    QStringList lines;
    if (!m_result)
        return lines;
    for (const desktop::ImportNote& note : m_result->notes)
        lines += note.place.empty() ? text(note.sentence)
                                    : text(note.place) + ": " + text(note.sentence);
    if (m_result->notesLeftOut > 0)
        lines += tr("… and %n more", nullptr, int(m_result->notesLeftOut));
    return lines;
}

int ImportModel::chosenCount() const
{
    return int(
        std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.chosen; }));
}

int ImportModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ImportModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Row& row = m_rows[size_t(index.row())];
    switch (role) {
    case RefRole:
        return row.ref;
    case SummaryRole:
        return text(row.tunnel.text());
    case AddressRole:
        if (row.tunnel.hostname)
            return text(*row.tunnel.hostname);
        if (row.tunnel.name)
            return text(*row.tunnel.name);
        if (row.tunnel.remotePort)
            return tr("port %1").arg(*row.tunnel.remotePort);
        return tr("the relay chooses");
    case ChosenRole:
        return row.chosen;
    default:
        return {};
    }
}

QHash<int, QByteArray> ImportModel::roleNames() const
{
    return {{RefRole, "ref"},
            {SummaryRole, "summary"},
            {AddressRole, "address"},
            {ChosenRole, "chosen"}};
}

void ImportModel::load(const QUrl& file)
{
    const QString path = file.isLocalFile() ? file.toLocalFile() : file.toString();
    m_fileName = QFileInfo(path).fileName();
    const auto content = config::readFile(path.toStdString(), desktop::ImportLimits::Text + 1);
    if (!content)
        return fail(
            tr("%1 could not be read: %2").arg(m_fileName, text(config::toText(content.error()))));
    show(desktop::importConfig(content->text, m_fileName.toStdString()));
}

void ImportModel::show(Result<desktop::ImportResult, std::string> result)
{
    if (!result)
        return fail(text(result.error()));
    beginResetModel();
    m_error.clear();
    m_rows.clear();
    for (const auto& [ref, tunnel] : result->tunnels)
        m_rows.push_back({freeRef(ref), tunnel});
    m_result = std::move(*result);
    endResetModel();
    emit changed();
}

QString ImportModel::freeRef(const std::string& wanted) const
{
    return text(desktop::freeRef(wanted, [this](const std::string& ref) {
        const auto& tunnels = m_session->control().snapshot().tunnels;
        return std::any_of(tunnels.begin(), tunnels.end(),
                           [&](const auto& tunnel) { return tunnel.status.ref == ref; }) ||
               std::any_of(m_rows.begin(), m_rows.end(),
                           [&](const Row& row) { return row.ref == text(ref); });
    }));
}

void ImportModel::setChosen(int row, bool chosen)
{
    if (row < 0 || row >= count() || m_rows[size_t(row)].chosen == chosen)
        return;
    m_rows[size_t(row)].chosen = chosen;
    emit dataChanged(index(row), index(row), {ChosenRole});
    emit changed();
}

void ImportModel::add()
{
    if (!isBusy())
        addNext(0, 0);
}

void ImportModel::addNext(size_t row, int alreadyAdded)
{
    while (row < m_rows.size() && !m_rows[row].chosen)
        ++row;
    if (row >= m_rows.size()) {
        emit added(alreadyAdded);
        return;
    }
    ++m_open;
    emit changed();
    m_session->control().putTunnel(m_rows[row].ref.toStdString(), m_rows[row].tunnel,
                                   [self = QPointer<ImportModel>(this), row,
                                    alreadyAdded](const Result<void, agent::Problem>& result) {
                                       if (!self)
                                           return;
                                       --self->m_open;
                                       if (!result)
                                           return self->fail(self->m_rows[row].ref + ": " +
                                                             problemText(result.error()));
                                       self->setChosen(int(row), false); // it is there now
                                       emit self->changed();
                                       self->addNext(row + 1, alreadyAdded + 1);
                                   });
}

void ImportModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_result.reset();
    m_error.clear();
    endResetModel();
    emit changed();
}

void ImportModel::fail(const QString& error)
{
    m_error = error;
    emit changed();
}

} // namespace sallyport::gui
