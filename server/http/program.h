/* What the program is called, in headers, messages and logs. */
#ifndef SERVER_HTTP_PROGRAM_H
#define SERVER_HTTP_PROGRAM_H

#define PROGRAM "rekognition-local"
#define VERSION "0.1.0"

/* Of every environment variable of ours; and the one that names a server to others. */
#define VARIABLE_PREFIX "REKOGNITION_LOCAL_"
#define URL_VARIABLE VARIABLE_PREFIX "URL"

#endif
