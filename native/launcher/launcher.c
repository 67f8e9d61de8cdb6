/*
 * The `coffer` command. It knows nothing of commands: the engine does. It finds the engine, tells it who asks
 * and what for, and relays until the answer is complete.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "caller.h"
#include "coffer.h"
#include "engine_start.h"
#include "frame.h"
#include "places.h"
#include "relay.h"
#include "request.h"
#include "terminal.h"
#include "text.h"
#include "util.h"

/* Docker's exit code for "the engine itself failed". */
#define EXIT_ENGINE 125

/* How often an engine may vanish before it has taken the request: idle engines leave, and a hand-over is one. */
#define ATTEMPTS 5

struct words {
	const char *root;
	int command;		/* index of the first word that is no option */
};

/* Only what the launcher itself must know, in front of the command; the engine reads all of it again. */
static int read_words(int argc, char **argv, struct words *words)
{
	words->root = NULL;
	for (words->command = 1; words->command < argc; words->command++) {
		const char *word = argv[words->command];
		if (word[0] != '-' || strcmp(word, "--") == 0)
			return 0;
		if (strncmp(word, "--root=", 7) == 0) {
			words->root = word + 7;
		} else if (strcmp(word, "--root") == 0) {
			words->root = argv[++words->command];
			if (words->command >= argc)
				words->root = "";
		}
		if (words->root && !words->root[0]) {
			say("coffer: option --root needs a directory (--root DIR)");
			return -1;
		}
	}
	return 0;
}

/* To stop an engine none is started. */
static bool stops_engine(int count, char **words)
{
	return count == 2 && strcmp(words[0], "engine") == 0 && strcmp(words[1], "stop") == 0;
}

/* Whether surely no engine runs; one that is another's, or does not answer, is told about later. */
static bool no_engine(const struct places *places, const struct installation *installation)
{
	autoclose int engine = engine_connect(places, installation);
	return engine < 0 && (errno == ENOENT || errno == ECONNREFUSED);
}

static int find_places(const struct words *words, struct places *places)
{
	const char *error;
	const struct places_input input = {
		.uid = geteuid(),
		.root_option = words->root,
		.root_variable = getenv("COFFER_ROOT"),
		.home = getenv("HOME"),
		.data_home = getenv("XDG_DATA_HOME"),
		.runtime_dir = getenv("XDG_RUNTIME_DIR"),
	};
	if (places_find(&input, places, &error) == 0)
		return 0;
	say("coffer: ", error);
	return -1;
}

static int run(const struct places *places, const struct installation *installation, struct caller *caller)
{
	int code = 0;
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		int engine = engine_find(places, installation, environ);
		if (engine < 0)
			return EXIT_ENGINE;
		request_send(engine, installation->build, caller);
		switch (relay_run(engine, installation->build, caller, &code)) {
		case RELAY_EXIT:
			return code;
		case RELAY_FAILED:
			return EXIT_ENGINE;
		case RELAY_LOST:
			say("coffer: lost the connection to the engine (see ", places->run, "/engine.log)");
			return EXIT_ENGINE;
		case RELAY_AGAIN:
		case RELAY_HANDOVER:
			break;
		}
	}
	say("coffer: cannot reach the engine: it left again and again (see ", places->run, "/engine.log)");
	return EXIT_ENGINE;
}

int launcher_main(int argc, char **argv)
{
	static struct places places;
	static struct installation installation;
	static struct caller caller;
	struct words words;
	const char *what;
	if (argc > 1 && strcmp(argv[1], "oci") == 0) {
		static char name[] = "coffer-oci";
		argv[1] = name;
		return oci_main(argc - 1, argv + 1);
	}
	caller_look(&caller);
	if (read_words(argc, argv, &words) < 0 || find_places(&words, &places) < 0)
		return EXIT_ENGINE;
	if (installation_find(&installation, "") < 0) {
		say("coffer: cannot find its own files: ", error_text(errno), " (is /proc mounted?)");
		return EXIT_ENGINE;
	}
	if (words.command < argc && strcmp(argv[words.command], "serve") == 0) {
		engine_serve(&places, &installation, argv + words.command + 1, environ);
		return EXIT_ENGINE;
	}
	if (stops_engine(argc - words.command, argv + words.command) && no_engine(&places, &installation))
		return 0;
	if (caller_describe(&caller, argc, argv, environ, &what) < 0) {
		say("coffer: cannot ", what, ": ", error_text(errno));
		return EXIT_ENGINE;
	}
	if (caller.terminal >= 0)
		terminal_init(caller.terminal, &caller.streams[caller.terminal].settings);
	return run(&places, &installation, &caller);
}
