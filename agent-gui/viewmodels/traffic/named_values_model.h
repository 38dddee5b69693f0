// Names with their values in a list: headers, a summary. Secret values are hidden until shown.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace sallyport::gui {

class NamedValuesModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to an exchange")

    Q_PROPERTY(int count READ rowCount NOTIFY changed)
    Q_PROPERTY(bool hasSecrets READ hasSecrets NOTIFY changed)

public:
    enum Role { NameRole = Qt::UserRole, ValueRole, SecretRole };

    struct Row
    {
        QString name;
        QString value;
        bool secret = false;
        QString masked = {}; // shown instead of a secret value; empty: dots
        bool operator==(const Row&) const = default;
    };

    using QAbstractListModel::QAbstractListModel;

    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }
    void setShowSecrets(bool show);
    bool hasSecrets() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void changed();

private:
    std::vector<Row> m_rows;
    bool m_showSecrets = false;
};

} // namespace sallyport::gui
