#include "places.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

uint64_t fnv1a64(const char *string)
{
	uint64_t hash = 0xcbf29ce484222325ull;
	for (; *string; string++)
		hash = (hash ^ (uint8_t)*string) * 0x100000001b3ull;
	return hash;
}

static void add_component(struct text *out, const char *name, size_t length)
{
	if (length == 0 || (length == 1 && name[0] == '.'))
		return;
	if (length == 2 && name[0] == '.' && name[1] == '.') {
		while (out->length > 0 && out->data[--out->length] != '/')
			continue;
		out->data[out->length] = '\0';
		return;
	}
	text_add(out, "/");
	text_add_bytes(out, name, length);
}

static void add_components(struct text *out, const char *path)
{
	while (*path) {
		size_t length = strcspn(path, "/");
		add_component(out, path, length);
		path += length;
		path += *path == '/';
	}
}

int absolute_path(const char *working_directory, const char *path, char out[PATH_MAX])
{
	struct text text = text_over(out, PATH_MAX);
	if (path[0] != '/')
		add_components(&text, working_directory);
	add_components(&text, path);
	if (text.length == 0)
		text_add(&text, "/");
	return text.overflow ? -1 : 0;
}

static int join(char out[PATH_MAX], const char *first, const char *second)
{
	struct text text = text_over(out, PATH_MAX);
	text_add(&text, first);
	text_add(&text, second);
	return text.overflow ? -1 : 0;
}

/* The XDG specification has relative paths ignored. */
static const char *absolute_or_null(const char *path)
{
	return path && path[0] == '/' ? path : NULL;
}

static int default_root(const struct places_input *input, char root[PATH_MAX])
{
	const char *data_home = absolute_or_null(input->data_home), *home = absolute_or_null(input->home);
	if (input->uid == 0)
		return join(root, "/var/lib/coffer", "");
	if (data_home)
		return join(root, data_home, "/coffer");
	return home ? join(root, home, "/.local/share/coffer") : -1;
}

static int default_run(const struct places_input *input, char run[PATH_MAX])
{
	const char *runtime_dir = absolute_or_null(input->runtime_dir);
	struct text text = text_over(run, PATH_MAX);
	if (input->uid == 0)
		return join(run, "/run/coffer", "");
	if (runtime_dir)
		return join(run, runtime_dir, "/coffer");
	/* systemd's place for it, which su and cron do not tell of. The engine is not trusted to be ours by its path. */
	text_add(&text, "/run/user/");
	text_add_decimal(&text, input->uid);
	if (access(run, W_OK) < 0)
		return -1;
	text_add(&text, "/coffer");
	return 0;
}

/* A path that exists has one name by realpath(); one that does not has what its text says. */
static int resolve(const char *path, char out[PATH_MAX])
{
	char directory[PATH_MAX];
	if (realpath(path, out))
		return 0;
	if (path[0] != '/' && !getcwd(directory, sizeof directory))
		return -1;
	return absolute_path(directory, path, out);
}

int places_find(const struct places_input *input, struct places *places, const char **error)
{
	char standard[PATH_MAX] = "", real[PATH_MAX];
	const char *named = input->root_option ? input->root_option : input->root_variable;
	int known = default_root(input, standard);
	*error = "cannot find the data root: neither XDG_DATA_HOME nor HOME is an absolute path (set one, or use --root DIR)";
	if (known < 0 && !named)
		return -1;
	*error = "cannot find the run directory: XDG_RUNTIME_DIR is not an absolute path (set it to a directory of your own)";
	if (default_run(input, places->run) < 0)
		return -1;
	if (!named)
		return join(places->root, standard, "");
	*error = "cannot use the data root: the path is empty or too long";
	if (!named[0] || resolve(named, places->root) < 0)
		return -1;
	if (known == 0 && (strcmp(places->root, standard) == 0 ||
			   (realpath(standard, real) && strcmp(places->root, real) == 0)))
		return 0;
	struct text run = text_over(places->run + strlen(places->run), PATH_MAX - strlen(places->run));
	text_add(&run, "/r-");
	text_add_hex64(&run, fnv1a64(places->root));
	return run.overflow ? -1 : 0;
}
