# The live traffic page's part of Sallyport.ViewModels.
target_sources(sallyport_viewmodels PRIVATE
    traffic/body_model.h traffic/body_model.cpp
    traffic/diff_model.h traffic/diff_model.cpp
    traffic/exchange_model.h traffic/exchange_model.cpp
    traffic/message_model.h traffic/message_model.cpp
    traffic/named_values_model.h traffic/named_values_model.cpp
    traffic/replay_draft.h traffic/replay_draft.cpp
    traffic/replay_model.h traffic/replay_model.cpp
    traffic/string_pool.h traffic/string_pool.cpp
    traffic/timing_model.h traffic/timing_model.cpp
    traffic/traffic_export.h traffic/traffic_export.cpp
    traffic/traffic_filter.h traffic/traffic_filter.cpp
    traffic/traffic_model.h traffic/traffic_model.cpp traffic/traffic_model_actions.cpp
    traffic/traffic_row.h traffic/traffic_row.cpp
    traffic/traffic_rows.h traffic/traffic_rows.cpp
    traffic/traffic_text.h traffic/traffic_text.cpp)
target_include_directories(sallyport_viewmodels PUBLIC ${CMAKE_CURRENT_LIST_DIR})
