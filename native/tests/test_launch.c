/*
 * The launcher against an engine that is played: this program is launcher, engine and test, by the name that it was
 * called by. A command's first word says what the engine is to do.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coffer.h"
#include "frame.h"
#include "places.h"
#include "text.h"
#include "unit.h"
#include "util.h"

static char place[PATH_MAX], program[PATH_MAX];
static struct places places;

/* ---- the engine ---- */

static void answer(int socket, uint16_t type, const void *payload, size_t length)
{
	struct bytes bytes = { 0 };
	(void)bytes_add(&bytes, payload, length);
	if (frame_send(socket, type, &bytes, NULL, 0, 0) < 0)
		_exit(3);
	bytes_free(&bytes);
}

static void answer_text(int socket, const char *text)
{
	answer(socket, FRAME_OUT, text, strlen(text));
}

static void leave_with(int socket, int32_t code)
{
	answer(socket, FRAME_EXIT, &code, sizeof code);
}

/* How the engine was born, as far as it can tell. */
static void describe_birth(int socket)
{
	char line[PATH_MAX + 200], directory[PATH_MAX];
	struct sigaction action;
	sigset_t mask;
	int open_count = 0, ignored = 0;
	struct dirent *entry;
	DIR *fds = opendir("/proc/self/fd");
	while (fds && (entry = readdir(fds)))
		open_count += entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(fds);
	closedir(fds);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int i = 1; i < 32; i++)
		ignored += sigaction(i, NULL, &action) == 0 && (action.sa_handler == SIG_IGN || sigismember(&mask, i));
	snprintf(line, sizeof line, "cwd=%s session=%d fds=%d ignored=%d umask=%o secret=%d path=%d", getcwd(directory, sizeof directory),
		 getsid(0) != getpid(), open_count, ignored, umask(022), getenv("SECRET") != NULL, getenv("PATH") != NULL);
	answer_text(socket, line);
	leave_with(socket, 0);
}

static void play(int socket, const uint8_t *id, const char *word)
{
	char line[100];
	if (strcmp(word, "pid") == 0) {
		snprintf(line, sizeof line, "%d", (int)getpid());
		answer_text(socket, line);
		leave_with(socket, 7);
	} else if (strcmp(word, "birth") == 0) {
		describe_birth(socket);
	} else if (strcmp(word, "die") == 0) {
		answer_text(socket, "half");
		_exit(1);
	} else if (strcmp(word, "raise") == 0) {
		answer(socket, FRAME_RAISE, &(int32_t){ SIGTERM }, 4);
	} else if (strcmp(word, "raise-harmless") == 0) {
		answer(socket, FRAME_RAISE, &(int32_t){ SIGURG }, 4);
	} else if (strcmp(word, "again") == 0) {
		int fd = open("request-id", O_RDWR | O_CREAT, 0600);
		uint8_t before[16];
		ssize_t got = read(fd, before, sizeof before);
		if (got == 0 && write(fd, id, 16) == 16) {
			answer(socket, FRAME_RECONNECT, NULL, 0);
			_exit(0);
		}
		leave_with(socket, got == 16 && memcmp(before, id, 16) == 0 ? 21 : 22);
	} else if (strcmp(word, "flood") == 0) {
		static uint8_t much[PROTO_MAX_DATA];
		for (int i = 0; i < 40; i++)
			answer(socket, FRAME_OUT, much, sizeof much);
		leave_with(socket, 0);
	} else {
		leave_with(socket, 99);
	}
}

static void serve(int socket, uint64_t build)
{
	struct frame_reader reader = { .fd = socket };
	struct frame frame;
	uint64_t asked = 0;
	for (;;) {
		int whole = frame_next(&reader, &frame);
		struct cursor payload = cursor_over(frame.payload, whole > 0 ? frame.length : 0);
		if (whole < 0 || (whole == 0 && frame_fill(&reader, 0) <= 0))
			break;
		if (whole > 0 && frame.type == FRAME_HELLO) {
			struct bytes reply = { 0 };
			(void)cursor_take(&payload, 12);
			asked = cursor_u64(&payload);
			(void)(bytes_add_u32(&reply, PROTO_VERSION) && bytes_add_u64(&reply, 0) && bytes_add_u64(&reply, build) &&
			       bytes_add_u32(&reply, (uint32_t)getpid()));
			answer(socket, FRAME_HELLO_REPLY, reply.data, bytes_length(&reply));
			bytes_free(&reply);
		} else if (whole > 0 && frame.type == FRAME_HANDOVER) {
			_exit(0);
		} else if (whole > 0 && frame.type == FRAME_REQUEST && asked <= build) {
			const uint8_t *id = cursor_take(&payload, 16);
			uint32_t count = cursor_u32(&payload);
			char *word = NULL;
			for (uint32_t i = 0; i < count; i++) {
				free(word);
				word = cursor_string_copy(&payload);
			}
			play(socket, id, word ? word : "");
			free(word);
		}
	}
	frame_reader_free(&reader);
	close(socket);
}

/* argv: name, run directory, build. Serves one launcher after the other. */
static int engine_main(char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *ready = getenv("COFFER_READY_FD");
	if (strcmp(argv[2], "boom") == 0) {
		say("boom: this engine does not start");
		return 1;
	}
	snprintf(address.sun_path, sizeof address.sun_path, "%s/engine.sock", argv[1]);
	(void)unlink(address.sun_path);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 20) < 0)
		return 1;
	if (!ready || write(atoi(ready), "r", 1) != 1)
		return 1;
	close(atoi(ready));
	(void)signal(SIGPIPE, SIG_DFL);
	alarm(60);
	for (;;) {
		int socket = accept(listener, NULL, NULL);
		if (socket >= 0)
			serve(socket, strtoull(argv[2], NULL, 10));
	}
}

/* ---- the test ---- */

static void write_file(const char *name, const char *text)
{
	char path[PATH_MAX + 40];
	snprintf(path, sizeof path, "%s/%s", place, name);
	FILE *file = fopen(path, "w");
	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void write_installation(const char *engine_build, const char *launcher_build)
{
	char arguments[3 * PATH_MAX];
	snprintf(arguments, sizeof arguments, "@LIB@/engine\n@RUN@\n%s\n", engine_build);
	write_file("lib/coffer/engine.args", arguments);
	write_file("lib/coffer/build", launcher_build);
}

struct told {
	char out[4096], err[4096];
	size_t out_length;
	int status;
};

static pid_t launch_on(const char *word, int out, int err)
{
	char root[PATH_MAX + 10], path[PATH_MAX + 20];
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	snprintf(root, sizeof root, "--root=%s/root", place);
	snprintf(path, sizeof path, "%s/bin/coffer", place);
	(void)signal(SIGUSR2, SIG_IGN);
	(void)setenv("SECRET", "1", 1);
	if (dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(98);
	execl(path, "coffer", root, word, NULL);
	_exit(98);
}

static struct told launch(const char *word)
{
	struct told told = { 0 };
	int out[2], err[2];
	CHECK(pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0);
	pid_t pid = launch_on(word, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	ssize_t length = read_whole(out[0], told.out, sizeof told.out - 1);
	told.out_length = length > 0 ? (size_t)length : 0;
	close(out[0]);
	CHECK(read_whole(err[0], told.err, sizeof told.err - 1) >= 0);
	close(err[0]);
	CHECK(waitpid(pid, &told.status, 0) == pid);
	return told;
}

static int code(const struct told *told)
{
	return WIFEXITED(told->status) ? WEXITSTATUS(told->status) : -WTERMSIG(told->status);
}

static void stop_engine(void)
{
	struct told told = launch("die");
	CHECK(code(&told) == 125);
	usleep(20000);
}

static void set_up(void)
{
	char path[2 * PATH_MAX + 100], root[PATH_MAX + 10];
	const char *error;
	strcpy(place, "/tmp/coffer-test-launch-XXXXXX");
	CHECK(mkdtemp(place) != NULL);
	CHECK(readlink("/proc/self/exe", program, sizeof program - 1) > 0);
	snprintf(path, sizeof path, "cd %s && mkdir -p bin lib/coffer root && cp %s bin/coffer && ln bin/coffer lib/coffer/engine",
		 place, program);
	CHECK(system(path) == 0);
	snprintf(root, sizeof root, "%s/root", place);
	CHECK(places_find(&(struct places_input){ .uid = geteuid(), .root_option = root, .home = getenv("HOME"),
		.runtime_dir = getenv("XDG_RUNTIME_DIR") }, &places, &error) == 0);
	write_installation("1", "1");
}

static void tear_down(void)
{
	char command[2 * PATH_MAX + 20];
	snprintf(command, sizeof command, "rm -rf %s %s", place, places.run);
	CHECK(system(command) == 0);
}

/* Before the harness: under the two other names this program is something else. */
static __attribute__((constructor)) void be_what_it_is_called(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
	if (strcmp(name, "coffer") == 0)
		_exit(launcher_main(argc, argv));
	if (strcmp(name, "engine") == 0)
		_exit(engine_main(argv));
}

TEST(an_engine_is_started_once_and_clean)
{
	set_up();
	struct told first = launch("pid");
	CHECK(code(&first) == 7);
	CHECK_TEXT(first.err, "");
	struct told second = launch("pid");
	CHECK(code(&second) == 7);
	CHECK_TEXT(second.out, first.out);
	struct told birth = launch("birth");
	/* 0 to 2, its two sockets, and the five that came with the request. */
	CHECK_TEXT(birth.out, "cwd=/ session=1 fds=10 ignored=0 umask=22 secret=0 path=1");
	stop_engine();
	tear_down();
}

TEST(five_at_once_find_one_engine)
{
	set_up();
	int out[2];
	char text[200] = "";
	pid_t pids[5];
	CHECK(pipe2(out, O_CLOEXEC) == 0);
	for (int i = 0; i < 5; i++)
		pids[i] = launch_on("pid", out[1], 2);
	close(out[1]);
	size_t length = (size_t)read_whole(out[0], text, sizeof text - 1);
	close(out[0]);
	for (int i = 0; i < 5; i++) {
		int status;
		CHECK(waitpid(pids[i], &status, 0) == pids[i] && WEXITSTATUS(status) == 7);
		CHECK_BYTES(text + (size_t)i * (length / 5), length / 5, text, length / 5);
	}
	stop_engine();
	tear_down();
}

TEST(it_ends_as_the_engine_says)
{
	set_up();
	struct told told = launch("unknown");
	CHECK(code(&told) == 99);
	told = launch("raise");
	CHECK(code(&told) == -SIGTERM);
	told = launch("raise-harmless");
	CHECK(code(&told) == 128 + SIGURG);
	told = launch("again");
	CHECK(code(&told) == 21);
	CHECK(unlink("/request-id") == 0);
	told = launch("die");
	CHECK(code(&told) == 125);
	CHECK_TEXT(told.out, "half");
	CHECK(strstr(told.err, "coffer: lost the connection to the engine (see /run/coffer/r-"));
	tear_down();
}

TEST(it_dies_of_a_closed_pipe)
{
	set_up();
	int out[2], status;
	CHECK(pipe2(out, O_CLOEXEC) == 0);
	close(out[0]);
	pid_t pid = launch_on("flood", out[1], 2);
	close(out[1]);
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	stop_engine();
	tear_down();
}

TEST(a_newer_engine_replaces_an_older)
{
	set_up();
	write_installation("5", "5");
	struct told old = launch("pid");
	CHECK(code(&old) == 7);
	write_installation("6", "6");
	struct told new = launch("pid");
	CHECK(code(&new) == 7 && strcmp(old.out, new.out) != 0);
	/* An older launcher is served by the newer engine. */
	write_installation("5", "5");
	struct told same = launch("pid");
	CHECK_TEXT(same.out, new.out);
	stop_engine();
	tear_down();
}

TEST(an_engine_that_does_not_start_is_quoted)
{
	set_up();
	write_installation("boom", "1");
	struct told told = launch("pid");
	CHECK(code(&told) == 125);
	CHECK(strstr(told.err, "boom: this engine does not start\n"));
	CHECK(strstr(told.err, "coffer: cannot start the engine: it left at once (see "));
	char path[PATH_MAX + 40];
	snprintf(path, sizeof path, "%s/lib/coffer/engine.args", place);
	CHECK(unlink(path) == 0);
	told = launch("pid");
	CHECK(code(&told) == 125 && strstr(told.err, "coffer: cannot read ") && strstr(told.err, "engine.args: No such file"));
	tear_down();
}
