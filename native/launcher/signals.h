/* Signals that the launcher takes note of, by a signalfd, instead of dying of them. */
#ifndef COFFER_SIGNALS_H
#define COFFER_SIGNALS_H

#include <stdbool.h>

#include "must_check.h"

/* What is to be taken: nothing, what would leave a terminal in disorder, or all that can be passed on. */
void signals_take(bool terminal, bool proxy);

/* Gives back what was taken: what came meanwhile and was not asked for has its usual effect now. */
void signals_release(void);

/* The signalfd, -1 while nothing is taken. */
must_check int signals_fd(void);

/* The next signal that came, 0 when none has. */
must_check int signals_next(void);

/* Whether a signal is the terminal's or job control's affair and is never passed on. */
must_check bool signals_is_local(int number);

/* Stops the process as that signal would by default; returns when it goes on. */
void signals_stop(int number);

/* Dies of it. Returns where that was not to be: the signal's default is no death. */
void signals_die(int number);

#endif
