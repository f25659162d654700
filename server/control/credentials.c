#include "../access/credentials.h"
#include "../access/credentials_read.h"

#include "../call/server.h"
#include "../record/log.h"
#include "control.h"

/* Secrets and tokens are told to nobody. */
void
control_credentials_get(struct control *control)
{
    control_answer(control, credentials_told(control->server->credentials));
}

void
control_credentials_put(struct control *control)
{
    char why[400];

    if (!credentials_replace(control->server->credentials, control->body, why, sizeof why)) {
        control_fail(control, 400, "InvalidCredentials", "%s.", why);
        return;
    }
    log_line("credentials: replaced by the control API");
    control_answer(control, credentials_told(control->server->credentials));
}

void
control_schema_credentials(struct control *control)
{
    control_answer(control, credentials_schema());
}
