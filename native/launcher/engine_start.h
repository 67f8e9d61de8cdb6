/* Finds the engine, and starts one where none answers. */
#ifndef COFFER_ENGINE_START_H
#define COFFER_ENGINE_START_H

#include "installation.h"
#include "must_check.h"

/* A connection to the engine that listens, whose peer is checked; -1 and errno. */
must_check int engine_connect(const struct places *places, const struct installation *installation);

/* As engine_connect(), and starts an engine when there is none. On failure says why and returns -1. */
must_check int engine_find(const struct places *places, const struct installation *installation, char **environment);

/* As engine_find() for who can do without: says nothing on failure. */
must_check int engine_find_quietly(const struct places *places, const struct installation *installation, char **environment);

/* Becomes an engine in the foreground, which stays in the caller's session, cgroup and mounts. Returns only on failure, which it says. */
void engine_serve(const struct places *places, const struct installation *installation, char **more, char **environment);

#endif
