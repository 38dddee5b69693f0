// One importer for each format. All read a tree and tell a builder what they found.
#pragma once

#include "import/import_builder.h"

#include <sallyport/config/document.h>

namespace sallyport::desktop {

void importNgrok(const config::Node& root, ImportBuilder& builder);
void importFrp(const config::Node& root, ImportBuilder& builder);
void importFrpIni(const config::Node& root, ImportBuilder& builder);
void importCloudflared(const config::Node& root, ImportBuilder& builder);
void importRathole(const config::Node& root, ImportBuilder& builder);
void importAxRouter(const config::Node& root, ImportBuilder& builder);
void importGoTunnel(const config::Node& root, ImportBuilder& builder);
void importNexus(const config::Node& root, ImportBuilder& builder);
void importAtlax(const config::Node& root, ImportBuilder& builder);

} // namespace sallyport::desktop
