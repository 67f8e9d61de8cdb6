#include "environment.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_named(const char *variable, const char *name)
{
	size_t length = strlen(name);
	return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static bool is_proxy(const char *variable)
{
	static const char *const names[] = { "http_proxy=", "https_proxy=", "ftp_proxy=", "all_proxy=", "no_proxy=" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strncasecmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool starts_with(const char *variable, const char *prefix)
{
	return strncmp(variable, prefix, strlen(prefix)) == 0;
}

bool environment_meddles(const char *variable)
{
	static const char *const names[] = { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (is_named(variable, names[i]))
			return true;
	return starts_with(variable, "LD_");
}

bool environment_keeps(const char *variable, bool root)
{
	static const char *const names[] = { "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (is_named(variable, names[i]))
			return true;
	if (starts_with(variable, "LC_") || is_proxy(variable))
		return true;
	return !root && starts_with(variable, "XDG_");
}

char **environment_scrub(char **environment, bool root, char *extra)
{
	size_t count = 0, kept = 0;
	while (environment[count])
		count++;
	char **scrubbed = calloc(count + 2, sizeof *scrubbed);
	if (!scrubbed)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (environment_keeps(environment[i], root))
			scrubbed[kept++] = environment[i];
	scrubbed[kept] = extra;
	return scrubbed;
}
