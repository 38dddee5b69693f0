// A QR code with its quiet zone, always dark on white: that is what cameras read.
#pragma once

#include <QImage>
#include <QQuickPaintedItem>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class QrCode : public QQuickPaintedItem
{
    Q_OBJECT
    QML_ELEMENT

    // At most 2,000 bytes in UTF-8; longer texts have no code.
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
    Q_PROPERTY(bool valid READ isValid NOTIFY textChanged)

public:
    static constexpr qsizetype MaxText = 2'000;

    explicit QrCode(QQuickItem* parent = nullptr);

    QString text() const { return m_text; }
    void setText(const QString& text);
    bool isValid() const { return !m_modules.isNull(); }

    void paint(QPainter* painter) override;

    // One pixel for each module, without the quiet zone; null when there is none.
    static QImage modules(const QString& text);

signals:
    void textChanged();

private:
    QString m_text;
    QImage m_modules;
};

} // namespace sallyport::gui
