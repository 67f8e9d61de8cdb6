/* ask ADDRESS PORT NAME SECONDS WINDOW: asks a name server for the A records of a name, by UDP, and tells how many
 * answers with a record came in a second, and how long each took. WINDOW questions are under way at once. A NAME that
 * begins with "0000." has another number there in each question, so that none is like one before it. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { IDS = 65536, LONGEST = 512, SAMPLES = 8000000 };

static int64_t sent[IDS];
static uint32_t *samples;

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static size_t question(unsigned char *to, const char *name)
{
	static const unsigned char head[12] = {0, 0, 1, 0, 0, 1};
	static const unsigned char tail[5] = {0, 0, 1, 0, 1};
	size_t at = sizeof head;

	memcpy(to, head, sizeof head);
	while (*name) {
		size_t label = strcspn(name, ".");
		to[at++] = (unsigned char)label;
		memcpy(to + at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	memcpy(to + at, tail, sizeof tail);
	return at + sizeof tail;
}

static void number(unsigned char *to, uint16_t id)
{
	static const char digits[] = "0123456789abcdef";
	int i;

	for (i = 0; i < 4; i++)
		to[i] = (unsigned char)digits[id >> (12 - 4 * i) & 15];
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int dial(const char *address, const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	struct timeval patience = {.tv_sec = 1};
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	if (s < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0 ||
	    connect(s, (struct sockaddr *)&to, sizeof to) < 0) {
		perror("ask");
		exit(1);
	}
	return s;
}

int main(int argc, char **argv)
{
	unsigned char message[LONGEST], answer[4096];
	size_t length, count = 0;
	long lost = 0, bad = 0;
	int64_t begin, end;
	int s, window, open = 0;
	uint16_t id = 0;
	int numbered = argc == 6 && !strncmp(argv[3], "0000.", 5);

	if (argc != 6 || strlen(argv[3]) > 250) {
		fprintf(stderr, "usage: ask ADDRESS PORT NAME SECONDS WINDOW\n");
		return 1;
	}
	samples = malloc(SAMPLES * sizeof *samples);
	s = dial(argv[1], argv[2]);
	length = question(message, argv[3]);
	window = atoi(argv[5]);
	begin = now();
	end = begin + (int64_t)(atof(argv[4]) * 1e9);
	while (samples && count < SAMPLES && now() < end) {
		ssize_t got;
		for (; open < window; open++) {
			id++;
			message[0] = (unsigned char)(id >> 8);
			message[1] = (unsigned char)id;
			if (numbered)
				number(message + 13, id);
			sent[id] = now();
			if (send(s, message, length, 0) < 0)
				break;
		}
		got = recv(s, answer, sizeof answer, 0);
		if (got < 12) {
			lost += open;
			open = 0;
			continue;
		}
		open -= open > 0;
		if ((answer[3] & 15) || !(answer[6] | answer[7]))
			bad++;
		else
			samples[count++] = (uint32_t)(now() - sent[answer[0] << 8 | answer[1]]);
	}
	if (!count) {
		printf("no answers (%ld lost, %ld bad)\n", lost, bad);
		return 1;
	}
	qsort(samples, count, sizeof *samples, compare);
	printf("%8.0f answers/s   median %6.1f us   99%% %7.1f us   lost %ld   bad %ld\n",
	       (double)count * 1e9 / (double)(now() - begin), samples[count / 2] / 1e3, samples[count * 99 / 100] / 1e3, lost, bad);
	return 0;
}
