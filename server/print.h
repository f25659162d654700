/* The tables of the program as pages of documentation, in Markdown on standard output. */
#ifndef SERVER_PRINT_H
#define SERVER_PRINT_H

void print_diagram(void); /* of a model: the lifecycle most users want to see */
void print_lifecycle(void);
void print_operations(void);
void print_settings(void);
void print_evidence(void);
void print_fixture_schema(void);

#endif
