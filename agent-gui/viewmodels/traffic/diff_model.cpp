#include "diff_model.h"

#include <algorithm>

namespace sallyport::gui {

using inspect::DiffLine;

void DiffModel::setLines(std::vector<DiffLine> lines)
{
    beginResetModel();
    m_differences = int(std::count_if(lines.begin(), lines.end(), [](const DiffLine& line) {
        return line.kind != DiffLine::Kind::Same;
    }));
    if (lines.size() > MaxLines) {
        lines.resize(MaxLines);
        lines.shrink_to_fit();
        lines.push_back({DiffLine::Kind::Same, tr("… and more").toStdString()});
    }
    m_lines = std::move(lines);
    endResetModel();
    emit changed();
}

int DiffModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant DiffModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const DiffLine& line = m_lines[size_t(index.row())];
    switch (role) {
    case TextRole:
        return QString::fromStdString(line.text);
    case AddedRole:
        return line.kind == DiffLine::Kind::Added;
    case RemovedRole:
        return line.kind == DiffLine::Kind::Removed;
    default:
        return {};
    }
}

QHash<int, QByteArray> DiffModel::roleNames() const
{
    return {{TextRole, "text"}, {AddedRole, "added"}, {RemovedRole, "removed"}};
}

} // namespace sallyport::gui
