#include "options.h"

struct http_options
http_options_complete(struct http_options options)
{
    if (options.host == NULL)
        options.host = "127.0.0.1";
    if (options.arguments_max == 0)
        options.arguments_max = 100;
    if (options.body_max == 0)
        options.body_max = 16 * 1024 * 1024;
    if (options.upload_max == 0)
        options.upload_max = 1024 * 1024 * 1024;
    if (options.body_ms == 0)
        options.body_ms = 60 * 1000;
    if (options.idle_ms == 0)
        options.idle_ms = 180 * 1000;
    if (options.stop_ms == 0)
        options.stop_ms = 700;
    if (options.connections_max == 0)
        options.connections_max = 16384;
    if (options.stream_max == 0)
        options.stream_max = 256 * 1024;
    return options;
}
