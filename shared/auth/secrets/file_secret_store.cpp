#include <sallyport/config/document.h>
#include <sallyport/config/files.h>
#include <sallyport/secrets/secret_store.h>

#include <QObject>
#include <QTimer>

#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace sallyport::secrets {

namespace {

constexpr size_t mostSecrets = 100;
constexpr unsigned readableByOthers = 0077;
constexpr std::string_view explanation = "# Secrets of this user's agent. Written by `sallyport "
                                         "login`; keep it readable by you alone.\n";

using Entries = std::map<std::string, std::string>;

// A double-quoted YAML text.
std::string yamlText(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + "\"";
}

bool isPrintable(std::string_view text)
{
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return false;
    return true;
}

class FileSecretStore : public SecretStore
{
public:
    explicit FileSecretStore(std::string file) : m_file(std::move(file)) {}

    void read(const std::string& key, ReadDone done) override
    {
        later(
            [done = std::move(done), result = readNow(key)]() mutable { done(std::move(result)); });
    }

    void write(const std::string& key, const Secret& secret, Done done) override
    {
        later([done = std::move(done), result = writeNow(key, secret)] { done(result); });
    }

    void remove(const std::string& key, Done done) override
    {
        later([done = std::move(done), result = removeNow(key)] { done(result); });
    }

    std::string description() const override { return "the file " + m_file; }

private:
    // The promise of the interface: never inside the call, and dropped with the store.
    template <typename F>
    void later(F&& f)
    {
        QTimer::singleShot(0, &m_context, std::forward<F>(f));
    }

    Result<Secret, SecretError> readNow(const std::string& key)
    {
        const auto entries = load();
        if (!entries)
            return Failure(entries.error());
        const auto found = entries->find(key);
        if (found == entries->end())
            return Failure(SecretError{SecretError::Code::NotFound,
                                       "no secret is stored for " + key + " in " + m_file});
        return Secret(found->second);
    }

    Result<void, SecretError> writeNow(const std::string& key, const Secret& secret)
    {
        if (key.empty() || key.size() > 255 || !isPrintable(key) || !isPrintable(secret.reveal()))
            return Failure(failed("the key or the secret has characters that cannot be stored"));
        auto entries = load();
        if (!entries)
            return Failure(entries.error());
        if (entries->count(key) == 0 && entries->size() >= mostSecrets)
            return Failure(failed(m_file + " holds " + std::to_string(mostSecrets) +
                                  " secrets, which is the most"));
        (*entries)[key] = std::string(secret.reveal());
        return save(*entries);
    }

    Result<void, SecretError> removeNow(const std::string& key)
    {
        auto entries = load();
        if (!entries)
            return Failure(entries.error());
        if (entries->erase(key) == 0)
            return {};
        return save(*entries);
    }

    Result<Entries, SecretError> load() const
    {
        const auto file = config::readFile(m_file);
        if (!file) {
            if (file.error() == config::FileError::Missing)
                return Entries();
            return Failure(SecretError{SecretError::Code::Denied,
                                       m_file + " " + config::toText(file.error())});
        }
        if (file->mode & readableByOthers)
            return Failure(SecretError{SecretError::Code::Denied,
                                       m_file +
                                           " can be read by others, so what stands in it is not "
                                           "secret: chmod 600 it, and renew the token"});
        const auto root = config::document::parse(file->text, m_file);
        if (!root)
            return Failure(failed(root.error().list().front().text()));
        const config::Node* secrets = root->find("secrets");
        Entries entries;
        if (secrets)
            for (const config::NodeEntry& entry : secrets->entries)
                if (entry.value.kind == config::Node::Kind::Scalar && entries.size() < mostSecrets)
                    entries[entry.key] = entry.value.text;
        return entries;
    }

    Result<void, SecretError> save(const Entries& entries) const
    {
        const size_t slash = m_file.find_last_of("/\\");
        if (slash != std::string::npos && slash > 0)
            if (const auto made = config::makeFolder(m_file.substr(0, slash), 0700); !made)
                return Failure(
                    SecretError{SecretError::Code::Denied,
                                m_file.substr(0, slash) + " " + config::toText(made.error())});
        std::string text(explanation);
        text += "secrets:\n";
        for (const auto& [key, secret] : entries)
            text += "  " + yamlText(key) + ": " + yamlText(secret) + "\n";
        if (const auto written = config::writeFileAtomically(m_file, text, 0600); !written)
            return Failure(SecretError{SecretError::Code::Denied,
                                       m_file + " " + config::toText(written.error())});
        return {};
    }

    static SecretError failed(std::string message)
    {
        return {SecretError::Code::Failed, std::move(message)};
    }

    std::string m_file;
    QObject m_context;
};

} // namespace

std::unique_ptr<SecretStore> makeFileSecretStore(std::string file)
{
    return std::make_unique<FileSecretStore>(std::move(file));
}

} // namespace sallyport::secrets
