// The libraries that the app is made of, with their licences.
#pragma once

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class AboutModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(QString version READ version CONSTANT)
    Q_PROPERTY(QString qtVersion READ qtVersion CONSTANT)
    Q_PROPERTY(QString system READ system CONSTANT)

public:
    enum Role { NameRole = Qt::UserRole, LicenceRole, PurposeRole };

    using QAbstractListModel::QAbstractListModel;

    static QString version();
    static QString qtVersion();
    static QString system();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
};

} // namespace sallyport::gui
