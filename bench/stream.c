/* stream: moves bytes and makes connections, and says how many a second.
 *
 *   stream serve PORT                   takes what comes; a first byte of 'c' closes the connection at once
 *   stream send ADDRESS PORT SECONDS    sends over one connection: megabytes per second that have arrived
 *   stream connect ADDRESS PORT SECONDS connects, sends 'c', waits for the end, again: connections per second */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char block[1 << 17];

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what)
{
	fprintf(stderr, "stream: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Says at the end how much has arrived, which is what the sender counts. */
static void *take(void *argument)
{
	int client = (int)(intptr_t)argument;
	static __thread char own[1 << 17];
	uint64_t total = 0;
	ssize_t got = recv(client, own, 1, 0);
	if (got == 1 && own[0] != 'c') {
		while ((got = recv(client, own, sizeof own, 0)) > 0)
			total += (uint64_t)got;
		send(client, &total, sizeof total, MSG_NOSIGNAL);
	}
	close(client);
	return NULL;
}

static int serve(uint16_t port)
{
	int one = 1;
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 1024))
		die("listen");
	while (1) {
		pthread_t thread;
		int client = accept(server, NULL, NULL);
		if (client >= 0 && pthread_create(&thread, NULL, take, (void *)(intptr_t)client) == 0)
			pthread_detach(thread);
	}
}

static int reach(const char *host, uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	int client = socket(AF_INET, SOCK_STREAM, 0);
	if (client < 0 || inet_pton(AF_INET, host, &address.sin_addr) != 1)
		die("address");
	if (connect(client, (struct sockaddr *)&address, sizeof address))
		die("connect");
	return client;
}

static int send_for(const char *host, uint16_t port, double seconds)
{
	int client = reach(host, port);
	uint64_t total = 0;
	double begin = now();
	while (now() - begin < seconds)
		if (send(client, block, sizeof block, MSG_NOSIGNAL) < 0)
			die("send");
	shutdown(client, SHUT_WR);
	if (recv(client, &total, sizeof total, MSG_WAITALL) != sizeof total)
		die("receive");
	printf("%.0f\n", (double)total / (now() - begin) / 1e6);
	return 0;
}

static int connect_for(const char *host, uint16_t port, double seconds)
{
	/* Ends with a reset: ports of the client are not used up by connections that have ended. */
	struct linger reset = {.l_onoff = 1};
	long count = 0;
	char end;
	double begin = now();
	for (; now() - begin < seconds; count++) {
		int client = reach(host, port);
		if (send(client, "c", 1, MSG_NOSIGNAL) != 1 || recv(client, &end, 1, 0) != 0)
			die("exchange");
		setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		close(client);
	}
	printf("%.0f\n", (double)count / (now() - begin));
	return 0;
}

int main(int count, char **words)
{
	signal(SIGPIPE, SIG_IGN);
	if (count == 3 && strcmp(words[1], "serve") == 0)
		return serve((uint16_t)atoi(words[2]));
	if (count == 5 && strcmp(words[1], "send") == 0)
		return send_for(words[2], (uint16_t)atoi(words[3]), atof(words[4]));
	if (count == 5 && strcmp(words[1], "connect") == 0)
		return connect_for(words[2], (uint16_t)atoi(words[3]), atof(words[4]));
	fprintf(stderr, "usage: stream serve PORT | stream send|connect ADDRESS PORT SECONDS\n");
	return 2;
}
