#include "installation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "text.h"
#include "util.h"

#define ARGUMENTS_LIMIT 262144

/* PREFIX/bin/coffer has its files in PREFIX/lib/coffer. */
static int find_lib(char lib[PATH_MAX], const char *binary)
{
	ssize_t length = readlink(binary[0] ? binary : "/proc/self/exe", lib, PATH_MAX - 1);
	if (length < 0 && binary[0] && errno == EINVAL) {
		/* No link: the file itself. */
		struct text path = text_over(lib, PATH_MAX);
		text_add(&path, binary);
		length = (ssize_t)path.length;
	}
	if (length < 0)
		return -1;
	lib[length] = '\0';
	for (int i = 0; i < 2; i++) {
		while (length > 0 && lib[length] != '/')
			length--;
		lib[length] = '\0';
		length -= i == 0;
	}
	struct text text = { .data = lib, .length = strlen(lib), .capacity = PATH_MAX };
	text_add(&text, "/lib/coffer");
	errno = ENAMETOOLONG;
	return text.overflow ? -1 : 0;
}

static int open_in_lib(const struct installation *installation, const char *name)
{
	char path[PATH_MAX];
	struct text text = text_over(path, sizeof path);
	text_add(&text, installation->lib);
	text_add(&text, "/");
	text_add(&text, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int installation_find(struct installation *installation, const char *binary)
{
	char number[24];
	if (find_lib(installation->lib, binary) < 0)
		return -1;
	autoclose int fd = open_in_lib(installation, "build");
	ssize_t length = fd < 0 ? 0 : read_whole(fd, number, sizeof number - 1);
	number[length > 0 ? length : 0] = '\0';
	installation->build = strtoull(number, NULL, 10);
	return 0;
}

static const char *value_of(const char *at, const char *lib, const struct places *places, size_t *length)
{
	const struct {
		const char *name, *value;
	} placeholders[] = { { "@LIB@", lib }, { "@ROOT@", places->root }, { "@RUN@", places->run } };
	for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
		*length = strlen(placeholders[i].name);
		if (strncmp(at, placeholders[i].name, *length) == 0)
			return placeholders[i].value;
	}
	return NULL;
}

char *replace_placeholders(const char *line, const char *lib, const struct places *places)
{
	struct bytes out = { 0 };
	bool added = true;
	while (*line && added) {
		size_t length = strcspn(line + 1, "@") + 1;
		const char *value = *line == '@' ? value_of(line, lib, places, &length) : NULL;
		if (!value)
			length = strcspn(line + 1, "@") + 1;
		added = value ? bytes_add(&out, value, strlen(value)) : bytes_add(&out, line, length);
		line += length;
	}
	if (added && bytes_add_u8(&out, 0))
		return (char *)out.data;
	bytes_free(&out);
	return NULL;
}

static size_t count_lines(const char *text)
{
	size_t count = 1;
	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static char *read_arguments(const struct installation *installation)
{
	autoclose int fd = open_in_lib(installation, "engine.args");
	char *content = fd < 0 ? NULL : malloc(ARGUMENTS_LIMIT);
	if (!content)
		return NULL;
	ssize_t length = read_whole(fd, content, ARGUMENTS_LIMIT - 1);
	content[length > 0 ? length : 0] = '\0';
	if (length > 0)
		return content;
	free(content);
	errno = length == 0 ? ENODATA : errno;
	return NULL;
}

char **installation_command(const struct installation *installation, const struct places *places, char **more)
{
	size_t extra = 0, count = 0;
	char *content = read_arguments(installation);
	while (more && more[extra])
		extra++;
	char **command = content ? calloc(count_lines(content) + extra + 1, sizeof *command) : NULL;
	if (!command)
		return NULL;
	/* What is read here lives until exec, or until the launcher says why it could not. */
	for (char *rest = NULL, *line = strtok_r(content, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		command[count] = replace_placeholders(line, installation->lib, places);
		if (!command[count++])
			return NULL;	/* NOLINT(clang-analyzer-unix.Malloc): the launcher leaves then */
	}
	for (size_t i = 0; i < extra; i++)
		command[count++] = more[i];
	return command;
}
