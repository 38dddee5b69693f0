// Goes the way of a link step by step: what `sallyport doctor` finds, which runs as a program of
// its own so that the window never waits, or, where that program is missing and in the
// demonstration, what the agent itself knows.
//
// Threads: the GUI's. Nothing of it holds a secret, so that the report can be sent to others.
#pragma once

#include "session.h"

#include <sallyport/desktop/command_runner.h>

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

namespace sallyport::gui {

class DiagnoseModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session MEMBER m_session WRITE setSession NOTIFY
                   sessionChanged REQUIRED)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    Q_PROPERTY(int warnings READ warnings NOTIFY changed)
    Q_PROPERTY(int failures READ failures NOTIFY changed)
    Q_PROPERTY(int count READ rowCount NOTIFY changed)

public:
    static constexpr qsizetype MaxRows = 500;
    enum class Verdict { Ok, Warning, Failure };
    Q_ENUM(Verdict)
    enum Role { GroupRole = Qt::UserRole, VerdictRole, TextRole, FirstOfGroupRole };

    explicit DiagnoseModel(QObject* parent = nullptr);
    explicit DiagnoseModel(std::unique_ptr<desktop::CommandRunner> runner);

    void setSession(Session* session);
    bool isBusy() const { return m_busy; }
    int warnings() const { return count(Verdict::Warning); }
    int failures() const { return count(Verdict::Failure); }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE void run();
    Q_INVOKABLE void copyReport();
    QString report() const;
    // The program that is run; empty: none.
    void setProgram(const QString& program) { m_program = program; }

signals:
    void sessionChanged();
    void changed();

private:
    struct Row
    {
        QString group;
        Verdict verdict = Verdict::Ok;
        QString text;
    };
    using Rows = std::vector<Row>;

    int count(Verdict verdict) const;
    void show(Rows rows);
    Rows known() const;
    void addTunnels(Rows& rows) const;
    static Rows parsed(const std::string& output);

    Session* m_session = nullptr;
    std::unique_ptr<desktop::CommandRunner> m_runner;
    QString m_program;
    Rows m_rows;
    bool m_busy = false;
};

} // namespace sallyport::gui
