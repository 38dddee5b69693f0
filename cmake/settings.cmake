# Language, warnings, sanitizers: what every target of the project shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# A hundred test programs are linked: mold does it in a tenth of the time.
find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    add_link_options(-fuse-ld=mold)
endif()

# Every target of the project links this one (layers.cmake, testing.cmake).
add_library(sallyport_settings INTERFACE)
target_compile_options(sallyport_settings INTERFACE
    $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
        -Woverloaded-virtual -Wimplicit-fallthrough>
    $<$<AND:$<BOOL:${SALLYPORT_WERROR}>,$<CXX_COMPILER_ID:GNU,Clang,AppleClang>>:-Werror>
    $<$<CXX_COMPILER_ID:MSVC>:/W4>)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(sallyport_settings INTERFACE
        $<$<CXX_COMPILER_ID:GNU,Clang>:-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2>)
endif()

if(SALLYPORT_SANITIZE)
    target_compile_options(sallyport_settings INTERFACE
        -fsanitize=${SALLYPORT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1)
    # With a sanitizer's checks between, GCC takes variables for uninitialized that are not (its manual says so).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(sallyport_settings INTERFACE -Wno-maybe-uninitialized)
    endif()
    target_link_options(sallyport_settings INTERFACE -fsanitize=${SALLYPORT_SANITIZE})
endif()
if(SALLYPORT_FUZZ)
    target_compile_options(sallyport_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
