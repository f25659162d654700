/* The function of every row of control.def. */
#ifndef SERVER_CONTROL_CALLS_H
#define SERVER_CONTROL_CALLS_H

struct control;

#define CONTROL(method, path, function, arguments, body, answer, errors, help) \
    void function(struct control *);
#include "control.def"
#undef CONTROL

#endif
