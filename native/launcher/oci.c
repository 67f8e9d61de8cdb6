/*
 * The `coffer-oci` command: an OCI runtime. The engine compiles; this process runs the plan, so that the container is
 * the caller's child. An engine that cannot see what the caller sees is of no use, and none need be reachable: then a
 * JVM of our own answers this one command.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caller.h"
#include "coffer.h"
#include "engine_start.h"
#include "oneshot.h"
#include "own_proc.h"
#include "places.h"
#include "relay.h"
#include "request.h"
#include "sealed.h"
#include "terminal.h"
#include "text.h"
#include "util.h"

/* As the runtimes that it stands in for. */
#define EXIT_ENGINE 1
#define ATTEMPTS 5

static bool is_same(const char *one, const char *other)
{
	struct stat first, second;
	return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_ino == second.st_ino &&
		first.st_dev == second.st_dev;
}

static const char *of_process(char path[48], pid_t pid, const char *name)
{
	struct text text = text_over(path, 48);
	text_add(&text, "/proc/");
	text_add_decimal(&text, pid > 0 ? (uint64_t)pid : 0);
	text_add(&text, "/");
	text_add(&text, name);
	return path;
}

static bool shares(pid_t pid, const char *name)
{
	char own[48], theirs[48];
	return is_same(of_process(own, getpid(), name), of_process(theirs, pid, name));
}

/* Whether a process that enters our mount namespace finds its own program where it knows it to be. */
static bool finds_itself(pid_t pid)
{
	char link[48], program[PATH_MAX];
	ssize_t length = readlink(of_process(link, pid, "exe"), program, sizeof program - 1);
	if (length <= 0)
		return false;
	program[length] = '\0';
	return is_same(link, program);
}

/* Whether an engine knows pids and users as we do, and sees our files or, as root, can enter where they are. */
static bool can_serve(pid_t pid)
{
	return shares(pid, "ns/pid") && shares(pid, "ns/user") &&
		((shares(pid, "ns/mnt") && shares(pid, "root")) || (geteuid() == 0 && finds_itself(pid)));
}

/* A running engine or one that is started, which has been asked then; -1: none can serve. */
static int ask_engine(const struct places *places, const struct installation *installation, const struct caller *caller)
{
	int engine = places ? engine_find_quietly(places, installation, environ) : -1;
	if (engine < 0)
		return -1;
	if (can_serve(peer_pid(engine))) {
		request_send(engine, installation->build, caller);
		return engine;
	}
	close_fd(&engine);
	return -1;
}

/* An engine, or a JVM for this command; -1: said why not. */
static int ask(const struct places *places, const struct installation *installation, const struct caller *caller)
{
	int engine = ask_engine(places, installation, caller);
	if (engine >= 0)
		return engine;
	engine = oneshot_start(installation, environ);
	if (engine >= 0)
		request_send(engine, installation->build, caller);
	return engine;
}

/* `engine` has been asked already, if it is not -1. */
static int run(int engine, const struct places *places, const struct installation *installation, const struct caller *caller)
{
	int code = 0;
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (engine < 0)
			engine = ask(places, installation, caller);
		if (engine < 0)
			return EXIT_ENGINE;
		int asked = engine;
		engine = -1;	/* the relay closes it */
		switch (relay_run(asked, installation->build, caller, &code)) {
		case RELAY_EXIT:
			return code;
		case RELAY_FAILED:
			return EXIT_ENGINE;
		case RELAY_LOST:
			oneshot_show_complaints();
			say("coffer: lost the connection to the engine");
			return EXIT_ENGINE;
		case RELAY_AGAIN:
		case RELAY_HANDOVER:
			break;
		}
	}
	oneshot_show_complaints();
	say("coffer: cannot reach an engine: it left again and again");
	return EXIT_ENGINE;
}

/* Whether the first word asks for what has to do with no process. */
static bool is_about_itself(int argc, char **argv)
{
	static const char *const words[] = { "--version", "-v", "--help", "-h", "features", "spec" };
	for (size_t i = 0; argc > 1 && i < sizeof words / sizeof words[0]; i++)
		if (strcmp(argv[1], words[i]) == 0)
			return true;
	return argc <= 1;
}

/*
 * Whether the container may get descriptors of the caller's. The engine tells them from our own by these being closed by
 * exec, which the one of a connection that goes along with the copy is not for a moment.
 */
static bool passes_descriptors(int argc, char **argv)
{
	static const char option[] = "--preserve-fds";
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], option, sizeof option - 1) == 0 || strncmp(argv[i], option + 1, sizeof option - 2) == 0)
			return true;
	return getenv("LISTEN_FDS");
}

int oci_main(int argc, char **argv)
{
	static struct places places;
	static struct installation installation;
	static struct caller caller;
	static char binary[PATH_MAX];
	const char *what;
	/* A limit of the caller's on the sizes of files is a write that fails, and is told of, not our end. */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) {
		say("coffer: cannot ignore a signal: ", error_text(errno));
		return EXIT_ENGINE;
	}
	/* First, for what /proc/self says next. */
	enum own_proc proc = own_proc_see();
	if (proc == OWN_PROC_FAILED && !is_about_itself(argc, argv)) {
		say("coffer: cannot see its own pid namespace in /proc: ", error_text(errno), " (mount one: unshare --mount-proc)");
		return EXIT_ENGINE;
	}
	int engine;
	bool sealed = sealed_find(binary, &engine) || !sealed_is_wanted(argc, argv);
	/* For people who look at the process list. */
	(void)prctl(PR_SET_NAME, "coffer-oci");
	caller_look(&caller);
	caller.binary = binary;
	const struct places_input input = {
		.uid = geteuid(),
		.root_variable = getenv("COFFER_ROOT"),
		.home = getenv("HOME"),
		.data_home = getenv("XDG_DATA_HOME"),
		.runtime_dir = getenv("XDG_RUNTIME_DIR"),
	};
	if (installation_find(&installation, binary) < 0) {
		say("coffer: cannot find its own files: ", error_text(errno), " (is /proc mounted?)");
		return EXIT_ENGINE;
	}
	/*
	 * Without a home nobody has an engine, and none is needed. One that is born here would see a /proc of others', or
	 * end with its pid namespace's first process.
	 */
	bool has_place = proc == OWN_PROC_THERE && getpid() != 1 && places_find(&input, &places, &what) == 0;
	if (caller_describe(&caller, argc, argv, environ, &what) < 0) {
		say("coffer: cannot ", what, ": ", error_text(errno));
		return EXIT_ENGINE;
	}
	if (!sealed) {
		/* The engine thinks while we go over. */
		if (!passes_descriptors(argc, argv))
			engine = ask_engine(has_place ? &places : NULL, &installation, &caller);
		sealed_enter(argv, binary, engine);
	}
	if (caller.terminal >= 0)
		terminal_init(caller.terminal, &caller.streams[caller.terminal].settings);
	return run(engine, has_place ? &places : NULL, &installation, &caller);
}
