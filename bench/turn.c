/* turn: times commands in turn, so that a noisy moment hits all of them alike.
 *
 *   turn [-n ROUNDS] [-w WARM-UPS] [-j PARALLEL -t TOTAL] NAME=COMMAND ...
 *
 * Each COMMAND is split at spaces and executed without a shell; %i in a word becomes a number that never
 * repeats. Without -j every round runs each command once and the table shows wall-clock milliseconds. With
 * -j every round runs each command TOTAL times, PARALLEL at once, and the table shows commands per second.
 * The ratio is that of the medians, relative to the first command. A command that fails is shown as
 * failed and not timed further. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
};

static long counter;

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
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

static pid_t start(struct subject *subject)
{
	char copy[8192];
	char *words[MAX_WORDS];
	pid_t pid;
	counter++;
	split(subject->command, copy, sizeof copy, words);
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

/* One command alone: milliseconds, or -1. */
static double once(struct subject *subject)
{
	int status;
	double begin = now();
	pid_t pid = start(subject);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	return now() - begin;
}

/* Many at once: commands per second, or -1. */
static double many(struct subject *subject, int parallel, int total)
{
	int running = 0, started = 0, status;
	bool good = true;
	double begin = now();
	while (started < total || running > 0) {
		while (good && running < parallel && started < total) {
			if (start(subject) < 0) {
				good = false;
				break;
			}
			started++;
			running++;
		}
		if (!running)
			break;
		if (wait(&status) < 0)
			return -1;
		running--;
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

static double quantile(const struct subject *subject, double which)
{
	return subject->samples[(int)((subject->count - 1) * which + 0.5)];
}

static void report(struct subject *subjects, int count, bool rate)
{
	printf("%-28s %10s %10s %10s %8s\n", rate ? "per second" : "milliseconds", "median", "min", "p95", "ratio");
	for (int i = 0; i < count; i++) {
		struct subject *subject = &subjects[i];
		if (subject->failed || !subject->count) {
			printf("%-28s     failed\n", subject->name);
			continue;
		}
		qsort(subject->samples, (size_t)subject->count, sizeof(double), ascending);
		double median = quantile(subject, 0.5);
		double base = subjects[0].failed ? 0 : quantile(&subjects[0], 0.5);
		printf("%-28s %10.2f %10.2f %10.2f %8.2f\n", subject->name, median, quantile(subject, 0),
		       quantile(subject, 0.95), base > 0 ? median / base : 0);
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
		subjects[count] = (struct subject){ .name = argv[optind], .command = equals + 1 };
		subjects[count].samples = calloc((size_t)rounds, sizeof(double));
		if (!subjects[count].samples)
			return 1;
	}
	for (int round = -warmups; round < rounds; round++) {
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
	report(subjects, count, parallel > 0);
	return 0;
}
