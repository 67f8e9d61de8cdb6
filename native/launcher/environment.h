/* The environment that an engine is born with: what the host and its user mean for all, nothing of the caller's moment. */
#ifndef COFFER_ENVIRONMENT_H
#define COFFER_ENVIRONMENT_H

#include <stdbool.h>

#include "must_check.h"

/* Whether a variable (`NAME=value`) goes with a background engine. Root's engine gets no XDG variables. */
must_check bool environment_keeps(const char *variable, bool root);

/* Whether a variable could change what a JVM is: such go with no engine at all. */
must_check bool environment_meddles(const char *variable);

/* A new array of those that `keeps` and one more, `extra`, ended by a NULL; NULL: no memory. */
char **environment_scrub(char **environment, bool root, char *extra);

#endif
