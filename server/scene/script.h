/*
 * Answers that a script has: those of /_local/detections, in the shape of the operation's own output.
 *
 * The rule: the script says what is seen, the call how much of it is asked for. What is less sure than it asks for, or
 * more than it asks for, is left out; what the operation always answers, and the script does not say, is added.
 */
#ifndef SERVER_SCENE_SCRIPT_H
#define SERVER_SCENE_SCRIPT_H

struct call;

/* What a call says of its answer; any of it may be missing. */
struct asked {
    const char *list;           /* of the output, of whose items it speaks */
    const char *sureness;       /* the member of an item that says how sure it is */
    const char *least_member;   /* of the input: how sure it is at least */
    double least;               /* when the input does not say */
    const char *most_member;    /* of the input: how many there are at most */
    const char *const *members; /* of an item, those that are asked for, NULL-ended; NULL: all */
    const char *rest;           /* a list of the output, for the Face of what is not sure enough */
    const char *version_member, *version; /* of the model, as it is always answered */
    const char *adapter_member, *adapter; /* likewise, the ARN of an adapter */
};

/* Ends the output of the call. */
void script_answer(struct call *, const char *text, const struct asked *);

#endif
