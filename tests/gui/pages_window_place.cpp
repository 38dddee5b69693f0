// The window is where it was left, and on the screen.
#include "window_place.h"

#include <QGuiApplication>
#include <QScreen>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

using sallyport::gui::WindowPlace;

class WindowPlaceTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QSettings m_settings{m_folder.filePath("settings.ini"), QSettings::IniFormat};

private slots:
    void init() { m_settings.clear(); }

    void fitsItIntoTheScreen_data()
    {
        QTest::addColumn<QRect>("wanted");
        QTest::addColumn<QRect>("expected");
        const int frame = 2 * WindowPlace::Frame;
        QTest::newRow("that fits") << QRect(100, 80, 400, 300) << QRect(100, 80, 400, 300);
        QTest::newRow("too large")
            << QRect(0, 20, 2160, 1440) << QRect(0, 20, 1280 - frame, 780 - frame);
        QTest::newRow("beyond the end") << QRect(1200, 780, 400, 300) << QRect(879, 499, 400, 300);
        QTest::newRow("before the begin") << QRect(-300, -40, 400, 300) << QRect(0, 20, 400, 300);
    }

    void fitsItIntoTheScreen()
    {
        QFETCH(QRect, wanted);
        QFETCH(QRect, expected);
        QCOMPARE(WindowPlace::fitted(wanted, QRect(0, 20, 1280, 780)), expected);
    }

    void aScreenThatIsTooSmallMakesTheWindowSmaller()
    {
        QWindow window;
        window.resize(5'000, 4'000);
        window.setMinimumSize({4'000, 3'000});
        new WindowPlace(window, nullptr);
        const QSize room = QGuiApplication::primaryScreen()->availableSize();
        QVERIFY(window.width() < room.width() && window.height() < room.height());
        QVERIFY(window.minimumWidth() < room.width() && window.minimumHeight() < room.height());
    }

    void comesBackWhereItWasLeft_data()
    {
        QTest::addColumn<bool>("hidden");
        QTest::newRow("hidden") << true;
        QTest::newRow("the program ended") << false;
    }

    void comesBackWhereItWasLeft()
    {
        QFETCH(bool, hidden);
        {
            QWindow window;
            window.resize(500, 400);
            new WindowPlace(window, &m_settings);
            window.show();
            window.setGeometry(60, 50, 440, 330);
            QTRY_COMPARE(window.geometry(), QRect(60, 50, 440, 330));
            if (hidden)
                window.hide();
        }
        QWindow again;
        again.resize(500, 400);
        new WindowPlace(again, &m_settings);
        QCOMPARE(again.geometry(), QRect(60, 50, 440, 330));
    }

    void aPlaceOnAScreenThatIsGoneIsForgottenButNotTheSize()
    {
        m_settings.setValue("window/place", QRect(20'000, 9'000, 440, 330));
        QWindow window;
        window.resize(500, 400);
        new WindowPlace(window, &m_settings);
        QCOMPARE(window.size(), QSize(440, 330));
        QVERIFY(window.x() < 20'000);
    }

    void comesBackMaximised()
    {
        {
            QWindow window;
            window.resize(500, 400);
            new WindowPlace(window, &m_settings);
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            window.showMaximized();
            QTRY_VERIFY(window.windowStates().testFlag(Qt::WindowMaximized));
            window.hide();
        }
        QWindow again;
        again.resize(500, 400);
        new WindowPlace(again, &m_settings);
        QVERIFY(again.windowStates().testFlag(Qt::WindowMaximized));
        QCOMPARE(m_settings.value("window/place").toRect().size(), QSize(500, 400));
    }
};

QTEST_MAIN(WindowPlaceTest)
#include "pages_window_place.moc"
