/* What the index of a video says, as a film has it (film.h). */
#ifndef SERVER_VIDEO_CONTAINER_H
#define SERVER_VIDEO_CONTAINER_H

struct moov_facts;

/* As JSON, for free(). NULL: it has none that could be read, which is a codec that nobody takes. */
char *container_text(const struct moov_facts *);

#endif
