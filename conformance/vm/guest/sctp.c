/* One SCTP connection of which each end says what it is told: sctp listen PORT, sctp connect ADDRESS PORT WORD. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Prints what comes first. */
static void print(int connection) {
  char text[256];
  ssize_t length = read(connection, text, sizeof text);
  if (length <= 0) {
    fail("read");
  }
  printf("%.*s\n", (int)length, text);
  fflush(stdout);
}

static void say(int connection, const char *word) {
  if (write(connection, word, strlen(word)) < 0) {
    fail("write");
  }
}

int main(int count, char **words) {
  int server = count == 3 && strcmp(words[1], "listen") == 0;
  if (!server && (count != 5 || strcmp(words[1], "connect") != 0)) {
    fprintf(stderr, "usage: sctp listen PORT | sctp connect ADDRESS PORT WORD\n");
    return 2;
  }
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_port = htons((in_port_t)atoi(words[server ? 2 : 3]));
  address.sin_addr.s_addr = server ? htonl(INADDR_ANY) : inet_addr(words[2]);
  int own = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
  if (own < 0) {
    fail("socket");
  }
  if (!server) {
    alarm(20);
    if (connect(own, (struct sockaddr *)&address, sizeof address) < 0) {
      fail("connect");
    }
    say(own, words[4]);
    print(own);
    return 0;
  }
  if (bind(own, (struct sockaddr *)&address, sizeof address) < 0 || listen(own, 5) < 0) {
    fail("listen");
  }
  printf("listening\n");
  fflush(stdout);
  for (;;) {
    int connection = accept(own, NULL, NULL);
    if (connection < 0) {
      fail("accept");
    }
    print(connection);
    say(connection, "heard");
    close(connection);
  }
}
