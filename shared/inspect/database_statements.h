// The statements that write a block, prepared once. Of database.cpp and database_write.cpp alone.
#pragma once

#include "database.h"

namespace sallyport::inspect {

struct Database::Statements
{
    QSqlQuery block;
    QSqlQuery bodies;
};

} // namespace sallyport::inspect
