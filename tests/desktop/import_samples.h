// Configurations of other tunnel programs, as their pages show them, and what should become of
// them.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

struct ImportSample
{
    const char* name;
    QString file;
    QByteArray text;
    QString format;
    QStringList tunnels; // as the test describes them
    QStringList places;  // of the notes
    QString relay;
};
const std::vector<ImportSample>& importSamples();
