/*
 * The runner: the caller's own process runs a plan, so that the container is the caller's child. It serves a
 * command of an OCI runtime to its end, from the engine's RUN frame on (docs/contributors/oci-runtime.md).
 */
#ifndef COFFER_RUNNER_H
#define COFFER_RUNNER_H

#include "caller.h"
#include "frame.h"
#include "must_check.h"

/* `first` is the RUN frame; the reader goes on to be the caller's. Returns the code to leave with. */
must_check int runner_serve(struct frame_reader *engine, const struct frame *first, const struct caller *caller);

#endif
