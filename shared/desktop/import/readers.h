// YAML, TOML, INI and .env files as one kind of tree, so that what they mean is read by one code.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/config/document.h>

#include <string>
#include <string_view>

namespace sallyport::desktop {

// Each fails with a sentence that names the place and no value.
Result<config::Node, std::string> readYaml(std::string_view text, const std::string& fileName);
Result<config::Node, std::string> readToml(std::string_view text, const std::string& fileName);
// Sections become maps; values have no type.
Result<config::Node, std::string> readIni(std::string_view text, const std::string& fileName);
// One map.
Result<config::Node, std::string> readEnv(std::string_view text, const std::string& fileName);

// The reader that the file's ending or its text asks for.
Result<config::Node, std::string> readConfigTree(std::string_view text,
                                                 const std::string& fileName);

} // namespace sallyport::desktop
