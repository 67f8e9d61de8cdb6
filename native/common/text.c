#include "text.h"

#include <string.h>

#include "util.h"

struct text text_over(char *data, size_t capacity)
{
	data[0] = '\0';
	return (struct text){ .data = data, .capacity = capacity };
}

void text_add_bytes(struct text *text, const char *data, size_t length)
{
	size_t room = text->capacity - 1 - text->length;
	if (length > room) {
		text->overflow = true;
		length = room;
	}
	memcpy(text->data + text->length, data, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_add_decimal(struct text *text, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	text_add_bytes(text, digits + at, sizeof digits - at);
}

void text_add_hex64(struct text *text, uint64_t number)
{
	char digits[16];
	for (int i = 15; i >= 0; i--, number >>= 4)
		digits[i] = "0123456789abcdef"[number & 15];
	text_add_bytes(text, digits, sizeof digits);
}

static void add_padded(struct text *text, uint64_t number, int width)
{
	char digits[10];
	for (int i = width - 1; i >= 0; i--, number /= 10)
		digits[i] = (char)('0' + number % 10);
	text_add_bytes(text, digits, (size_t)width);
}

/* Days since 1970-01-01 to a date of the Gregorian calendar, counting years from March so that the leap day is last. */
static void add_date(struct text *text, uint64_t days)
{
	uint64_t shifted = days + 719468;
	uint64_t era = shifted / 146097;
	uint64_t day_of_era = shifted % 146097;
	uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	uint64_t month_from_march = (5 * day_of_year + 2) / 153;
	uint64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
	uint64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
	add_padded(text, era * 400 + year_of_era + (month <= 2), 4);
	text_add(text, "-");
	add_padded(text, month, 2);
	text_add(text, "-");
	add_padded(text, day, 2);
}

static void add_fraction(struct text *text, uint64_t nanoseconds, bool trim)
{
	if (trim && nanoseconds == 0)
		return;
	text_add(text, ".");
	add_padded(text, nanoseconds, 9);
	while (trim && text->data[text->length - 1] == '0')
		text->data[--text->length] = '\0';
}

void text_add_time(struct text *text, uint64_t nanoseconds, bool trim)
{
	uint64_t seconds = nanoseconds / NANOSECONDS;
	uint64_t of_day = seconds % 86400;
	add_date(text, seconds / 86400);
	text_add(text, "T");
	add_padded(text, of_day / 3600, 2);
	text_add(text, ":");
	add_padded(text, of_day / 60 % 60, 2);
	text_add(text, ":");
	add_padded(text, of_day % 60, 2);
	add_fraction(text, nanoseconds % NANOSECONDS, trim);
	text_add(text, "Z");
}

void say_line(const char *const *parts)
{
	char line[1024];
	struct text text = text_over(line, sizeof line);
	for (; *parts; parts++)
		text_add(&text, *parts);
	/* The newline takes the NUL's place: a line that was too long is still one line. */
	line[text.length] = '\n';
	/* There is nowhere left to complain to when this fails. */
	if (write_whole(2, line, text.length + 1) < 0)
		return;
}

const char *error_text(int error)
{
	return strerror(error);
}
