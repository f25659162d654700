/* The page of the control API, made from its tables, in Markdown on standard output. */
#ifndef SERVER_CONTROL_REFERENCE_H
#define SERVER_CONTROL_REFERENCE_H

void control_print_reference(void);

#endif
