/* A JVM for one command, where no engine can be had: our child, at the other end of a socket pair. */
#ifndef COFFER_ONESHOT_H
#define COFFER_ONESHOT_H

#include "installation.h"
#include "must_check.h"

/* The connection, or -1: said why. */
must_check int oneshot_start(const struct installation *installation, char **environment);

/* What the JVM had to say when it left without an answer. */
void oneshot_show_complaints(void);

#endif
