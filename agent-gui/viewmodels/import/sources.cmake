# The view-model of taking over other programs' configurations.
target_sources(sallyport_viewmodels PRIVATE import/import_model.h import/import_model.cpp)
target_include_directories(sallyport_viewmodels PUBLIC ${CMAKE_CURRENT_LIST_DIR})
