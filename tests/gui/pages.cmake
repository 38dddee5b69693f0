foreach(name IN ITEMS session tunnel_meter tunnels_model tunnel_draft tunnel_editor welcome_model accounts_model
        services_model service_model fakes)
    sallyport_test(tst_gui_${name} SOURCES pages_${name}.cpp DEPENDS control inspect
        LINKS sallyport_viewmodels sallyport_graphics sallyport_gui_fakes)
endforeach()

sallyport_test(tst_gui_file_chooser SOURCES pages_file_chooser.cpp LINKS sallyport_viewmodels Qt6::Widgets)
sallyport_test(tst_gui_window_place SOURCES pages_window_place.cpp LINKS sallyport_gui_app)
if(TARGET tst_gui_service_model)
    target_include_directories(tst_gui_service_model PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/..)
    target_link_libraries(tst_gui_service_model PRIVATE sallyport::desktop)
endif()

# The pages, driven with mouse and keys; the files stand beside.
sallyport_test(tst_gui_pages SOURCES pages_setup.cpp DEPENDS control
    LINKS sallyport_gui_app sallyport_gui_fakes Qt6::QuickTest)
target_compile_definitions(tst_gui_pages PRIVATE
    QUICK_TEST_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}/pages")
sallyport_test(tst_gui_accessible SOURCES pages_accessible.cpp DEPENDS control inspect
    LINKS sallyport_gui_app sallyport_gui_fakes)
