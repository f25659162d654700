#include "sending.h"

#include <stdio.h>

static void
on_done(void *context, const struct s3_answer *answer)
{
    struct sending *sending = context;

    sending->request = NULL;
    sending->over = true;
    sending->result = answer->result;
    snprintf(sending->why, sizeof sending->why, "%s", answer->why);
}

void
sending_begin(struct sending *sending, struct outbound *outbound, const struct s3_object *object,
    const struct s3_body *body)
{
    *sending = (struct sending){ 0 };
    sending->request = s3_put(outbound, object, body, on_done, sending);
}

void
sending_end(struct sending *sending)
{
    if (sending->request != NULL)
        s3_cancel(sending->request);
    sending->request = NULL;
}
