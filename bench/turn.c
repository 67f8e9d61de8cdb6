/* turn: times commands in turn, so that a noisy moment hits all of them alike.
 *
 *   turn [-n ROUNDS] [-w WARM-UPS] [-j PARALLEL -t TOTAL] NAME[@PID]=COMMAND ...
 *
 * Each COMMAND is split at spaces and executed without a shell; %i in a word becomes a number that never
 * repeats. Without -j every round runs each command once and the table shows wall-clock milliseconds; a
 * COMMAND of several that " ; " separates runs them one after another, with the same number. With -j every
 * round runs each command TOTAL times, PARALLEL at once, and the table shows commands per second.
 * The ratio is that of the medians, relative to the first command. A command that fails is shown as
 * failed and not timed further.
 *
 * The last column is the processor time (user and system) of one command in milliseconds, the mean over all
 * rounds: that of the command and the children it waited for, and with @PID also that of the process PID and
 * of the children that PID waited for, which is where a daemon does a command's work. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_SUBJECTS 16
#define MAX_WORDS 128

extern char **environ;

struct subject {
	const char *name;
	char *command;
	double *samples;
	int count;
	bool failed;
	int daemon;
	bool daemon_gone;
	long commands;
	double own, daemon_before;
};

static long counter;

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double spent(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

/* Milliseconds that a process and its children have used (fields 14 to 17 of its stat file); -1 when it has gone. */
static double spent_by(int pid)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;
	long child_user = 0, child_system = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
	if (file)
		fclose(file);
	text[length] = 0;
	const char *behind_name = strrchr(text, ')');
	if (!behind_name || sscanf(behind_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",
				   &user, &system, &child_user, &child_system) != 4) {
		return -1;
	}
	return (double)((long)(user + system) + child_user + child_system) * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

/* Splits a copy of the command into words, with %i replaced. */
static void split(const char *command, char *copy, size_t size, char **words)
{
	size_t used = 0;
	int count = 0;
	bool inside = false;
	for (const char *from = command; *from && used + 24 < size; from++) {
		if (*from == ' ') {
			if (inside)
				copy[used++] = 0;
			inside = false;
			continue;
		}
		if (!inside && count < MAX_WORDS - 1)
			words[count++] = copy + used;
		inside = true;
		if (from[0] == '%' && from[1] == 'i') {
			used += (size_t)snprintf(copy + used, size - used, "%d-%ld", (int)getpid(), counter);
			from++;
		} else {
			copy[used++] = *from;
		}
	}
	copy[used] = 0;
	words[count] = NULL;
}

static pid_t start(const char *command)
{
	char copy[8192];
	char *words[MAX_WORDS];
	pid_t pid;
	split(command, copy, sizeof copy, words);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	int error = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error) {
		fprintf(stderr, "turn: cannot start %s: %s\n", words[0], strerror(error));
		return -1;
	}
	return pid;
}

/* Whether a command ran and ended well; its processor time is the subject's. */
static bool done(struct subject *subject, const char *command)
{
	int status;
	struct rusage usage;
	pid_t pid = start(command);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
		return false;
	subject->own += spent(&usage);
	return true;
}

/* One command, or a few in a row, alone: milliseconds, or -1. */
static double once(struct subject *subject)
{
	char copy[8192];
	int length = snprintf(copy, sizeof copy, "%s", subject->command);
	if (length < 0 || (size_t)length >= sizeof copy)
		return -1;
	counter++;
	double begin = now();
	for (char *command = copy, *next; command; command = next) {
		next = strstr(command, " ; ");
		if (next) {
			*next = 0;
			next += 3;
		}
		if (!done(subject, command))
			return -1;
	}
	subject->commands++;
	return now() - begin;
}

/* Many at once: commands per second, or -1. */
static double many(struct subject *subject, int parallel, int total)
{
	int running = 0, started = 0, status;
	struct rusage usage;
	bool good = true;
	double begin = now();
	while (started < total || running > 0) {
		while (good && running < parallel && started < total) {
			counter++;
			if (start(subject->command) < 0) {
				good = false;
				break;
			}
			started++;
			running++;
		}
		if (!running)
			break;
		if (wait4(-1, &status, 0, &usage) < 0)
			return -1;
		running--;
		subject->own += spent(&usage);
		subject->commands++;
		good = good && status == 0;
		if (!good)
			started = total;
	}
	return good ? total * 1e3 / (now() - begin) : -1;
}

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

/* Warm-ups are over: what was spent until here does not count. */
static void begin_accounts(struct subject *subjects, int count)
{
	for (int i = 0; i < count; i++) {
		subjects[i].own = 0;
		subjects[i].commands = 0;
		subjects[i].daemon_before = subjects[i].daemon ? spent_by(subjects[i].daemon) : 0;
	}
}

static void end_accounts(struct subject *subjects, int count)
{
	/* A daemon tidies up behind its last answer. */
	usleep(300000);
	for (int i = 0; i < count; i++) {
		double after = subjects[i].daemon ? spent_by(subjects[i].daemon) : 0;
		subjects[i].own += after - subjects[i].daemon_before;
		subjects[i].daemon_gone = after < 0 || subjects[i].daemon_before < 0;
	}
}

static double quantile(const struct subject *subject, double which)
{
	return subject->samples[(int)((subject->count - 1) * which + 0.5)];
}

static void report(struct subject *subjects, int count, bool rate)
{
	printf("%-28s %10s %10s %10s %8s %10s\n", rate ? "per second" : "milliseconds", "median", "min", "p95", "ratio",
	       "cpu ms");
	for (int i = 0; i < count; i++) {
		struct subject *subject = &subjects[i];
		if (subject->failed || !subject->count) {
			printf("%-28s     failed\n", subject->name);
			continue;
		}
		qsort(subject->samples, (size_t)subject->count, sizeof(double), ascending);
		double median = quantile(subject, 0.5);
		double base = subjects[0].failed ? 0 : quantile(&subjects[0], 0.5);
		printf("%-28s %10.2f %10.2f %10.2f %8.2f ", subject->name, median, quantile(subject, 0),
		       quantile(subject, 0.95), base > 0 ? median / base : 0);
		if (subject->daemon_gone)
			printf("%10s\n", "unknown");
		else
			printf("%10.2f\n", subject->own / (double)subject->commands);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int rounds = 20, warmups = 2, parallel = 0, total = 100, count = 0, option;
	struct subject subjects[MAX_SUBJECTS] = { 0 };
	while ((option = getopt(argc, argv, "+n:w:j:t:")) != -1) {
		int value = optarg ? atoi(optarg) : 0;
		switch (option) {
		case 'n': rounds = value; break;
		case 'w': warmups = value; break;
		case 'j': parallel = value; break;
		case 't': total = value; break;
		default: return 2;
		}
	}
	for (; optind < argc && count < MAX_SUBJECTS; optind++, count++) {
		char *equals = strchr(argv[optind], '=');
		if (!equals) {
			fprintf(stderr, "turn: expected NAME=COMMAND, got %s\n", argv[optind]);
			return 2;
		}
		*equals = 0;
		char *at = strchr(argv[optind], '@');
		if (at)
			*at = 0;
		subjects[count] = (struct subject){ .name = argv[optind], .command = equals + 1,
						    .daemon = at ? atoi(at + 1) : 0 };
		subjects[count].samples = calloc((size_t)rounds, sizeof(double));
		if (!subjects[count].samples)
			return 1;
	}
	for (int round = -warmups; round < rounds; round++) {
		if (round == 0)
			begin_accounts(subjects, count);
		for (int i = 0; i < count; i++) {
			struct subject *subject = &subjects[i];
			if (subject->failed)
				continue;
			double value = parallel ? many(subject, parallel, total) : once(subject);
			subject->failed = value < 0;
			if (round >= 0 && value >= 0)
				subject->samples[subject->count++] = value;
		}
	}
	end_accounts(subjects, count);
	report(subjects, count, parallel > 0);
	return 0;
}
