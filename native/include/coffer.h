/* The binary's entry points: main() picks one by the name that it was called by. */
#ifndef COFFER_H
#define COFFER_H

/* The `coffer` command. */
int launcher_main(int argc, char **argv);

/* One container's monitor; descriptor 3 is the engine's socket. */
int monitor_main(void);

#endif
