# Live traffic, tray, settings, log and diagnose.
foreach(part IN ITEMS exchange export model settings tray)
    sallyport_test(tst_traffic_${part} SOURCES ${CMAKE_CURRENT_LIST_DIR}/traffic_${part}.cpp
        LINKS sallyport_gui_fakes sallyport_viewmodels sallyport_gui_tray)
endforeach()
target_compile_definitions(tst_traffic_settings PRIVATE
    SALLYPORT_CHECKS_SOURCE="${PROJECT_SOURCE_DIR}/agent-cli/commands/checks.cpp")
