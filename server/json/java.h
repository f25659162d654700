/*
 * Numbers as Java's toString() writes them. The service is written in Java, and it shows: in the
 * numbers of its replies, and in the values that its messages repeat.
 */
#ifndef SERVER_JSON_JAVA_H
#define SERVER_JSON_JAVA_H

/* Room for any number below, and its NUL. */
#define JAVA_NUMBER_SIZE 32

/* Double.toString() and Float.toString() of JDK 19: the fewest digits that read back as the number. */
void java_double(char out[JAVA_NUMBER_SIZE], double value);
void java_float(char out[JAVA_NUMBER_SIZE], float value);

#endif
