#include "named_values_model.h"

#include <algorithm>

namespace sallyport::gui {

namespace {

const QString Hidden = QStringLiteral("••••••••");

} // namespace

void NamedValuesModel::setRows(std::vector<Row> rows)
{
    if (rows == m_rows)
        return;
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    emit changed();
}

void NamedValuesModel::setShowSecrets(bool show)
{
    if (show == m_showSecrets)
        return;
    m_showSecrets = show;
    if (!m_rows.empty())
        emit dataChanged(index(0), index(rowCount() - 1), {ValueRole});
}

bool NamedValuesModel::hasSecrets() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.secret; });
}

int NamedValuesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant NamedValuesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[size_t(index.row())];
    switch (role) {
    case NameRole:
        return row.name;
    case ValueRole:
        if (!row.secret || m_showSecrets)
            return row.value;
        return row.masked.isEmpty() ? Hidden : row.masked;
    case SecretRole:
        return row.secret;
    default:
        return {};
    }
}

QHash<int, QByteArray> NamedValuesModel::roleNames() const
{
    return {{NameRole, "name"}, {ValueRole, "value"}, {SecretRole, "secret"}};
}

} // namespace sallyport::gui
