// Where an exchange's time went, as bars on one scale.
#pragma once

#include <sallyport/inspect/record.h>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace sallyport::gui {

class TimingModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to an exchange")

    Q_PROPERTY(QString total READ total NOTIFY changed)

public:
    enum Role { NameRole = Qt::UserRole, StartRole, LengthRole, DurationRole };

    using QAbstractListModel::QAbstractListModel;

    void setRecord(const inspect::Record& record);
    QString total() const { return m_total; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void changed();

private:
    struct Bar
    {
        QString name;
        double start = 0;  // of the whole, 0 to 1
        double length = 0; // the same
        QString duration;
    };
    std::vector<Bar> m_bars;
    QString m_total;
};

} // namespace sallyport::gui
