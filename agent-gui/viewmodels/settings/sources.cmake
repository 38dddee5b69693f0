# The part of Sallyport.ViewModels for settings, log, about and diagnose.
target_sources(sallyport_viewmodels PRIVATE
    settings/about_model.h settings/about_model.cpp
    settings/app_settings.h settings/app_settings.cpp
    settings/check_text.h settings/check_text.cpp
    settings/diagnose_model.h settings/diagnose_model.cpp
    settings/log_model.h settings/log_model.cpp
    settings/service_model.h settings/service_model.cpp
    settings/service_text.h settings/service_text.cpp)
target_include_directories(sallyport_viewmodels PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(sallyport_viewmodels PUBLIC sallyport::desktop)
target_compile_definitions(sallyport_viewmodels PRIVATE SALLYPORT_GUI_VERSION="${PROJECT_VERSION}")
