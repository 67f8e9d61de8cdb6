#!/bin/sh
# Every function of native/ that answers a status says so with must_check, so that the compiler refuses to ignore it.
# What may be ignored is listed here, with the reason by its side; the list may only become shorter.
# Usage: unused-results.sh HEADER...
allowed='plan_slot|argument'	# values, not statuses
found=$(awk '
	/^(must_check|static|typedef|struct [a-z_]+ \{|#|\/\*| \*|\t)/ { next }
	/^(int|bool|ssize_t|int64_t|enum [a-z_]+|const char \*) ?\*?[a-z_0-9]+\(/ { print FILENAME ":" FNR ": " $0 }
' "$@" | grep -vE "[ *]($allowed)\(")
[ -z "$found" ] && exit 0
printf '%s\n' "$found"
echo "these results can be ignored unseen: declare them must_check" >&2
exit 1
