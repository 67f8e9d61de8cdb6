/* What the launcher works out before it asks: paths, the hash, the environment, the command line of an engine. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "environment.h"
#include "installation.h"
#include "places.h"
#include "text.h"
#include "unit.h"

TEST(the_hash_is_fnv1a)
{
	/* The test vectors of the hash's authors. */
	CHECK(fnv1a64("") == 0xcbf29ce484222325ull);
	CHECK(fnv1a64("a") == 0xaf63dc4c8601ec8cull);
	CHECK(fnv1a64("foobar") == 0x85944171f73967e8ull);
}

TEST(paths_are_made_absolute_by_their_text)
{
	static const struct {
		const char *directory, *path, *want;
	} cases[] = {
		{ "/a/b", "c", "/a/b/c" },
		{ "/a/b", "../c", "/a/c" },
		{ "/a", "../../../c/./d//e/", "/c/d/e" },
		{ "/", "x", "/x" },
		{ "/a", "/", "/" },
		{ "/a", "..", "/" },
		{ "/a", "/b/...", "/b/..." },
	};
	char out[PATH_MAX];
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		CHECK(absolute_path(cases[i].directory, cases[i].path, out) == 0);
		CHECK_TEXT(out, cases[i].want);
	}
}

static void find(struct places_input input, const char *root, const char *run)
{
	struct places places;
	const char *error;
	CHECK(places_find(&input, &places, &error) == 0);
	CHECK_TEXT(places.root, root);
	CHECK_TEXT(places.run, run);
}

static void find_fails(struct places_input input, const char *part)
{
	struct places places;
	const char *error = "";
	CHECK(places_find(&input, &places, &error) == -1);
	CHECK(strstr(error, part) != NULL);
}

TEST(places_are_found)
{
	const char *user_run = "/xdg/run";
	find((struct places_input){ .uid = 0 }, "/var/lib/coffer", "/run/coffer");
	/* sudo -E must not lead root to a user's sockets. */
	find((struct places_input){ .uid = 0, .data_home = "/home/x/data", .runtime_dir = "/home/x/run", .home = "/home/x" },
	     "/var/lib/coffer", "/run/coffer");
	find((struct places_input){ .uid = 7, .home = "/home/x", .runtime_dir = user_run },
	     "/home/x/.local/share/coffer", "/xdg/run/coffer");
	find((struct places_input){ .uid = 7, .home = "/home/x", .data_home = "/data", .runtime_dir = user_run },
	     "/data/coffer", "/xdg/run/coffer");
	find((struct places_input){ .uid = 7, .home = "/home/x", .data_home = "relative", .runtime_dir = user_run },
	     "/home/x/.local/share/coffer", "/xdg/run/coffer");
	/* "/nonexistent/foobar" hashed by another implementation of the same function. */
	find((struct places_input){ .uid = 0, .root_option = "/nonexistent/./a/../foobar" }, "/nonexistent/foobar",
	     "/run/coffer/r-0585a1584966191f");
	find((struct places_input){ .uid = 0, .root_option = "/var/lib//coffer/", .root_variable = "/ignored" },
	     "/var/lib/coffer", "/run/coffer");
	find((struct places_input){ .uid = 0, .root_variable = "/nonexistent/foobar" }, "/nonexistent/foobar",
	     "/run/coffer/r-0585a1584966191f");
	find_fails((struct places_input){ .uid = 7, .runtime_dir = user_run }, "--root DIR");
	find_fails((struct places_input){ .uid = 4000000, .home = "/home/x" }, "XDG_RUNTIME_DIR");
	find_fails((struct places_input){ .uid = 0, .root_option = "" }, "empty or too long");
}

TEST(a_root_has_one_name)
{
	char name[] = "/tmp/coffer-test-root-XXXXXX", link[64], real[PATH_MAX], run[PATH_MAX];
	CHECK(mkdtemp(name) != NULL);
	struct text text = text_over(link, sizeof link), expected = text_over(run, sizeof run);
	text_add(&text, name);
	text_add(&text, "/link");
	CHECK(symlink(".", link) == 0 && realpath(name, real) != NULL);
	text_add(&expected, "/run/coffer/r-");
	text_add_hex64(&expected, fnv1a64(real));
	find((struct places_input){ .uid = 0, .root_option = link }, real, run);
	CHECK(unlink(link) == 0 && rmdir(name) == 0);
}

TEST(the_environment_is_scrubbed)
{
	static char *const variables[] = { "PATH=/bin", "LD_PRELOAD=x", "JAVA_TOOL_OPTIONS=-x", "JDK_JAVA_OPTIONS=-x",
		"_JAVA_OPTIONS=-x", "http_proxy=p", "HTTPS_PROXY=p", "no_proxy=p", "LC_ALL=C", "LANG=C", "TZ=UTC", "HOME=/h",
		"XDG_DATA_HOME=/d", "TMPDIR=/t", "SECRET=1", "PATHOLOGY=1", "COFFER_ROOT=/x", NULL };
	static const char *const want[] = { "PATH=/bin", "http_proxy=p", "HTTPS_PROXY=p", "no_proxy=p", "LC_ALL=C", "LANG=C",
		"TZ=UTC", "HOME=/h", "XDG_DATA_HOME=/d", "TMPDIR=/t", "EXTRA=1" };
	static char extra[] = "EXTRA=1";
	char **kept = environment_scrub((char **)(uintptr_t)variables, false, extra);
	size_t count = 0;
	for (; kept[count] && count < sizeof want / sizeof want[0]; count++)
		CHECK_TEXT(kept[count], want[count]);
	CHECK(count == sizeof want / sizeof want[0] && !kept[count]);
	free(kept);
	CHECK(environment_keeps("XDG_DATA_HOME=/d", false) && !environment_keeps("XDG_DATA_HOME=/d", true));
	CHECK(environment_meddles("LD_PRELOAD=x") && environment_meddles("_JAVA_OPTIONS=") && !environment_meddles("PATH=/bin"));
}

static void replace(const char *line, const char *want)
{
	static const struct places where = { .root = "/r", .run = "/run/c" };
	char *replaced = replace_placeholders(line, "/l", &where);
	CHECK_TEXT(replaced, want);
	free(replaced);
}

TEST(placeholders_are_replaced)
{
	replace("-cp", "-cp");
	replace("@LIB@/a.jar:@LIB@/b.jar", "/l/a.jar:/l/b.jar");
	replace("@ROOT@", "/r");
	replace("x@RUN@@ROOT@", "x/run/c/r");
	replace("a@b@", "a@b@");
	replace("@@LIB@", "@/l");
	replace("@", "@");
	replace("@OTHER@LIB@", "@OTHER/l");
}

TEST(times_are_rfc3339)
{
	static const struct {
		uint64_t time;
		bool trim;
		const char *want;
	} cases[] = {
		{ 0, false, "1970-01-01T00:00:00.000000000Z" },
		{ 951782400000000000ull, true, "2000-02-29T00:00:00Z" },
		{ 1735689599999999999ull, false, "2024-12-31T23:59:59.999999999Z" },
		{ 1709251199100000000ull, true, "2024-02-29T23:59:59.1Z" },
		{ 4107542400000000001ull, true, "2100-03-01T00:00:00.000000001Z" },
	};
	char stamp[TIME_LENGTH];
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct text text = text_over(stamp, sizeof stamp);
		text_add_time(&text, cases[i].time, cases[i].trim);
		CHECK(!text.overflow);
		CHECK_TEXT(stamp, cases[i].want);
	}
}
