/* The work of a check of Face Liveness: its images are written to the bucket of OutputConfig, one after the other. */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/lifecycle_work.h"
#include "../../state/resource/liveness.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../call/server.h"
#include "../record/log.h"
#include "../s3/s3.h"
#include "../s3/sending.h"
#include "../scene/portrait.h"
#include "works.h"

struct showing {
    struct server *server;
    char *arn;
    size_t next; /* of its images */
    struct sending sending;
};

void *
showing_begin(struct server *server, const struct work *work)
{
    struct showing *showing = memory_new(sizeof *showing);

    showing->server = server;
    showing->arn = memory_text(work->arn);
    return showing;
}

void
showing_end(void *worker)
{
    struct showing *showing = worker;

    sending_end(&showing->sending);
    free(showing->arn);
    free(showing);
}

static void
send(struct showing *showing, struct store *store, const struct liveness *session,
    struct portrait *portrait)
{
    struct s3_object object = { .region = session->scope.region,
        .bucket = portrait->bucket,
        .key = portrait->key,
        .patience = s3_patience(store) };

    sending_begin(&showing->sending, showing->server->outbound, &object,
        &(struct s3_body){ .content_type = "image/jpeg",
            .bytes = (char *)portrait->bytes,
            .length = portrait->length });
    portrait->bytes = NULL;
}

/* The next that is ours to write: false when there is none. */
static bool
send_next(struct showing *showing, struct store *store, const struct liveness *session)
{
    struct portraits portraits;
    bool sent = false;

    portraits_make(store, session, &portraits);
    while (!sent && showing->next < portraits.count) {
        struct portrait *portrait = &portraits.list[showing->next++];

        sent = portrait->bytes != NULL && portrait->bucket != NULL;
        if (sent)
            send(showing, store, session, portrait);
    }
    if (!sent)
        portraits_declare(store, session, &portraits);
    portraits_free(&portraits);
    return sent;
}

/* What becomes of a check whose images could not be written is not public: it fails. */
enum worked
showing_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct showing *showing = worker;
    struct liveness session;

    (void)until_us;
    if (showing->sending.request != NULL || !liveness_find(store, showing->arn, &session))
        return WORKED_WAITING;
    if (showing->sending.over && showing->sending.result != S3_OK) {
        log_line("%s: an image was not written: %s", showing->arn, showing->sending.why);
        lifecycle_work_failed(store, LIVENESS_KIND, showing->arn, NULL);
        return WORKED_ALL;
    }
    if (showing->server->outbound != NULL && send_next(showing, store, &session))
        return WORKED_WAITING;
    lifecycle_work_done(store, LIVENESS_KIND, showing->arn, NULL);
    return WORKED_ALL;
}
