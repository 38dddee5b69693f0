#include <sallyport/control/agent_control.h>
