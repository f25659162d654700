/* The tables of the program as pages of documentation, in Markdown on standard output. */
#ifndef SERVER_PRINT_H
#define SERVER_PRINT_H

void print_lifecycle(void);
void print_operations(void);
void print_settings(void);
void print_evidence(void);

#endif
