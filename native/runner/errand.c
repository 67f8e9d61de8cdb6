/* What has to be done at the end, and nobody is there to do it: the engine has gone meanwhile. Another one is asked. */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "birth.h"
#include "runner_state.h"
#include "text.h"
#include "util.h"

#define MOST_WORDS 32
#define EXIT_NOT_STARTED 127

void errand_forget(struct runner *runner)
{
	for (char **word = runner->errand; word && *word; word++)
		free(*word);
	free(runner->errand);
	runner->errand = NULL;
}

void errand_keep(struct runner *runner, struct cursor *payload)
{
	uint32_t count = cursor_left(payload) > 0 ? cursor_u32(payload) : 0;
	errand_forget(runner);
	if (count == 0 || count > MOST_WORDS)
		return;
	runner->errand = calloc(count + 1, sizeof *runner->errand);
	for (uint32_t i = 0; runner->errand && i < count; i++) {
		runner->errand[i] = cursor_string_copy(payload);
		if (!runner->errand[i])
			errand_forget(runner);
	}
}

void errand_run(struct runner *runner)
{
	const char *binary = runner->caller->binary;
	if (!runner->errand || !binary)
		return;
	pid_t child = fork();
	if (child == 0) {
		birth_reset_signals();
		(void)execv(binary, runner->errand);	/* returns only with an error */
		_exit(EXIT_NOT_STARTED);
	}
	int status = EXIT_NOT_STARTED << 8;
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	/* A command that runs says itself what went wrong. */
	if (child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_STARTED))
		say("coffer: cannot take away what is left of the container: ", binary, " does not start");
}
