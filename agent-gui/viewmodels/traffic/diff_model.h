// What differs between two answers, line by line.
#pragma once

#include <sallyport/inspect/diff.h>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace sallyport::gui {

class DiffModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to a replay")

    Q_PROPERTY(int count READ rowCount NOTIFY changed)
    // How many lines differ.
    Q_PROPERTY(int differences READ differences NOTIFY changed)

public:
    enum Role { TextRole = Qt::UserRole, AddedRole, RemovedRole };
    // What is more is left out, with a last line that says so.
    static constexpr size_t MaxLines = 5'000;

    using QAbstractListModel::QAbstractListModel;

    void setLines(std::vector<inspect::DiffLine> lines);
    int differences() const { return m_differences; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void changed();

private:
    std::vector<inspect::DiffLine> m_lines;
    int m_differences = 0;
};

} // namespace sallyport::gui
