#include "coffer.h"

#include <string.h>

int main(int argc, char **argv)
{
	const char *path = argc > 0 ? argv[0] : "coffer";
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	if (strcmp(name, "coffer-monitor") == 0)
		return monitor_main();
	if (strcmp(name, "coffer-oci") == 0)
		return oci_main(argc, argv);
	return launcher_main(argc, argv);
}
