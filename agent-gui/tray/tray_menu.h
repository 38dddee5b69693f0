// The menu of the icon. Its rows are changed in place, so that it can stay open; new rows are added
// while it is closed.
//
// Limits: MaxTunnels rows, then one that leads to the window; MaxRecent requests.
#pragma once

#include "session.h"

#include <sallyport/inspect/record.h>

#include <QMenu>

#include <deque>
#include <utility>
#include <vector>

namespace sallyport::gui {

class TrayMenu : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t MaxTunnels = 30;
    static constexpr size_t MaxRecent = 5;

    explicit TrayMenu(Session& session, QObject* parent = nullptr);
    ~TrayMenu() override;

    QMenu* menu() { return &m_menu; }
    void addRecent(const std::vector<inspect::Record>& records);

signals:
    void showRequested(const QString& page, const QString& argument);
    void quitRequested();

private:
    void takeHistory();
    struct TunnelRow
    {
        QMenu* menu = nullptr;
        QAction* published = nullptr;
        QAction* copy = nullptr;
        QAction* open = nullptr;
        QAction* code = nullptr;
    };

    bool eventFilter(QObject* watched, QEvent* event) override;
    void build();
    // With a text that follows the language.
    QAction* add(QMenu& menu, const char* text);
    void retranslate();
    void refresh();
    void refreshTunnels();
    void refreshRecent();
    void addTunnelRow();
    const control::TunnelView* tunnelAt(size_t row) const;
    QString addressAt(size_t row) const;

    Session& m_session;
    QMenu m_menu;
    QMenu m_recentMenu;
    QAction* m_state = nullptr;
    QAction* m_master = nullptr;
    QAction* m_tunnelsEnd = nullptr;
    QAction* m_more = nullptr;
    std::vector<TunnelRow> m_tunnels;
    std::vector<QAction*> m_recentRows;
    std::deque<inspect::Record> m_recent; // newest first
    std::vector<std::pair<QAction*, const char*>> m_texts;
};

} // namespace sallyport::gui
