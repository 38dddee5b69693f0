# llhttp, the second opinion of the HTTP tests: llhttp::llhttp, and Llhttp_FOUND.
# Debian 13 has a library with CMake or pkg-config files (libllhttp-dev); Debian 12 ships the C sources alone
# (node-llhttp), which are compiled here. The caller must have enabled the C language.
include(FindPackageHandleStandardArgs)

find_package(llhttp CONFIG QUIET)
foreach(candidate IN ITEMS llhttp::llhttp_shared llhttp::llhttp_static)
    if(NOT TARGET llhttp::llhttp AND TARGET ${candidate})
        add_library(llhttp::llhttp INTERFACE IMPORTED)
        target_link_libraries(llhttp::llhttp INTERFACE ${candidate})
    endif()
endforeach()

if(NOT TARGET llhttp::llhttp)
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
        pkg_check_modules(LLHTTP QUIET IMPORTED_TARGET libllhttp)
        if(LLHTTP_FOUND)
            add_library(llhttp::llhttp INTERFACE IMPORTED)
            target_link_libraries(llhttp::llhttp INTERFACE PkgConfig::LLHTTP)
        endif()
    endif()
endif()

if(NOT TARGET llhttp::llhttp)
    find_path(LLHTTP_SOURCE_DIR llhttp.c
        PATHS /usr/share/llhttp /usr/share/node-llhttp /usr/share/nodejs/llhttp/src NO_DEFAULT_PATH)
    find_path(LLHTTP_INCLUDE_DIR llhttp.h
        PATHS /usr/share/include/llhttp /usr/include /usr/share/node-llhttp /usr/share/llhttp)
    mark_as_advanced(LLHTTP_SOURCE_DIR LLHTTP_INCLUDE_DIR)
    if(LLHTTP_SOURCE_DIR AND LLHTTP_INCLUDE_DIR)
        add_library(sallyport_llhttp STATIC
            ${LLHTTP_SOURCE_DIR}/api.c ${LLHTTP_SOURCE_DIR}/http.c ${LLHTTP_SOURCE_DIR}/llhttp.c)
        target_include_directories(sallyport_llhttp SYSTEM PUBLIC ${LLHTTP_INCLUDE_DIR})
        # Up to version 8 strictness is chosen when it is compiled.
        target_compile_definitions(sallyport_llhttp PUBLIC LLHTTP_STRICT_MODE=1)
        target_compile_options(sallyport_llhttp PRIVATE -w -O1)
        add_library(llhttp::llhttp ALIAS sallyport_llhttp)
    endif()
endif()

if(TARGET llhttp::llhttp)
    set(Llhttp_TARGET llhttp::llhttp)
endif()
find_package_handle_standard_args(Llhttp REQUIRED_VARS Llhttp_TARGET)
