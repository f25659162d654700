/* What the program is called, in headers, messages and logs. */
#ifndef SERVER_HTTP_PROGRAM_H
#define SERVER_HTTP_PROGRAM_H

#define PROGRAM "rekognition-local"
#define VERSION "0.1.0"

#endif
