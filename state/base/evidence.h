/* How a behaviour that imitates the service is known. Every such row of every table says it. */
#ifndef STATE_BASE_EVIDENCE_H
#define STATE_BASE_EVIDENCE_H

enum evidence {
    DOCUMENTED, /* the service's documentation or its public model says so */
    OBSERVED,   /* seen in a public log, issue or recording of the real service */
    GUESSED,    /* nothing public says so; chosen because it fits what is known */
};

const char *evidence_name(enum evidence);

#endif
