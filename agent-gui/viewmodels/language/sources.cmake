# The choice of the window's language.
target_sources(sallyport_viewmodels PRIVATE language/language_choice.h language/language_choice.cpp)
target_include_directories(sallyport_viewmodels PUBLIC ${CMAKE_CURRENT_LIST_DIR})
