// Changes agent.yaml for a person who edits it too: one tunnel at a time, as text. Comments, order
// and every other key stay byte for byte.
//
// Where a tunnel is written in lines, only the lines of the keys that change are touched; where it
// is {...}, it is written anew; where all of `tunnels:` is {...}, that value is; a file that is one
// {...} (JSON too) is written anew in lines, unless comments stand in it. What comes out is
// read again before it replaces the file, and must differ in that one tunnel alone: an edit that
// can't be made safely is refused.
//
// Errors are sentences, with file and line where there is one. A file that is broken, or would be,
// is left as it is. The file is replaced as a whole and keeps its permission bits; when somebody
// else changed it meanwhile it is read again, once.
//
// Threads: any, one at a time. Blocks for a few reads and one write of a small file.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/config/tunnel_config.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::control {

class AgentFile
{
public:
    explicit AgentFile(std::string path) : m_path(std::move(path)) {}

    // Adds, or replaces under the same ref. Makes the file (0600) where there is none.
    Result<void, std::string> put(const std::string& ref, const config::TunnelConfig& tunnel);
    // All of them or none.
    Result<void, std::string> putAll(const config::Tunnels& tunnels);
    // Fails when it is not there.
    Result<void, std::string> remove(const std::string& ref);
    Result<void, std::string> setPaused(const std::string& ref, bool paused);

    const std::string& path() const { return m_path; }

    // The texts alone. `name` is the file's name in messages; nothing for `tunnel` removes it.
    static Result<std::string, std::string>
    edited(std::string_view text, const std::string& name, const std::string& ref,
           const std::optional<config::TunnelConfig>& tunnel);

private:
    using Edit = std::function<Result<std::string, std::string>(std::string_view text)>;

    Result<void, std::string> change(const Edit& edit);
    Result<void, std::string> check(const std::string& text) const;

    std::string m_path;
};

} // namespace sallyport::control
