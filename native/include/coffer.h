/* The binary's entry points: main() picks one by the name that it was called by. */
#ifndef COFFER_H
#define COFFER_H

#include "must_check.h"

/* The `coffer` command. */
must_check int launcher_main(int argc, char **argv);

/* The `coffer-oci` command; also `coffer oci`. */
must_check int oci_main(int argc, char **argv);

/* One container's monitor; descriptor 3 is the engine's socket. */
must_check int monitor_main(void);

#endif
