#include "import_model.h"

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

QString warningOf(const desktop::ImportProtection& protection)
{
    QStringList keys;
    for (const std::string& key : protection.lost)
        keys += text(key);
    return keys.isEmpty() ? QString()
                          : ImportModel::tr("%1 can't be taken over: everybody could visit it.")
                                .arg(keys.join(", "));
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
    case ProtectionRole:
        return row.protection.logins.empty() ? QString() : tr("Password");
    case WarningRole:
        return warningOf(row.protection);
    case ChosenRole:
        return row.chosen;
    default:
        return {};
    }
}

QHash<int, QByteArray> ImportModel::roleNames() const
{
    return {{RefRole, "ref"},         {SummaryRole, "summary"},
            {AddressRole, "address"}, {ProtectionRole, "protection"},
            {WarningRole, "warning"}, {ChosenRole, "chosen"}};
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
    reset();
    for (const auto& [ref, tunnel] : result->tunnels) {
        Row row{freeRef(ref), tunnel, {}};
        if (const auto found = result->protection.find(ref); found != result->protection.end())
            row.protection = found->second;
        row.chosen = row.protection.lost.empty();
        m_rows.push_back(std::move(row));
    }
    // What has to be looked at comes first.
    std::stable_partition(m_rows.begin(), m_rows.end(), [](const Row& row) { return !row.chosen; });
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
    if (isBusy())
        return;
    m_stopped = false;
    m_error.clear();
    addNext(0, 0);
}

void ImportModel::stop()
{
    m_stopped = true;
}

void ImportModel::addNext(size_t row, int alreadyAdded)
{
    while (row < m_rows.size() && !m_rows[row].chosen)
        ++row;
    if (row >= m_rows.size() || m_stopped) {
        emit changed();
        emit added(alreadyAdded);
        return;
    }
    Publisher::Order order;
    order.ref = m_rows[row].ref.toStdString();
    order.config = m_rows[row].tunnel;
    if (!m_rows[row].protection.logins.empty())
        order.hash = [logins = m_rows[row].protection.logins](config::TunnelConfig& config) {
            return desktop::addLogins(config, logins);
        };
    // Given up with these rows: an answer that comes later is not theirs.
    m_order = std::make_unique<QObject>();
    emit changed();
    m_session->publisher().publish(std::move(order), m_order.get(),
                                   [this, row, alreadyAdded](const Result<void, QString>& result) {
                                       told(row, alreadyAdded, result);
                                   });
}

void ImportModel::told(size_t row, int alreadyAdded, const Result<void, QString>& result)
{
    m_order.reset();
    if (!result)
        return fail(m_rows[row].ref + ": " + result.error());
    setChosen(int(row), false); // it is there now
    addNext(row + 1, alreadyAdded + 1);
}

void ImportModel::clear()
{
    beginResetModel();
    reset();
    endResetModel();
    emit changed();
}

void ImportModel::reset()
{
    m_order.reset();
    m_rows.clear();
    m_result.reset();
    m_error.clear();
}

void ImportModel::fail(const QString& error)
{
    m_error = error;
    emit changed();
}

} // namespace sallyport::gui
