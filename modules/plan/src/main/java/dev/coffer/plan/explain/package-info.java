/** Plans as text and as data, for {@code coffer explain} and for golden tests. */
package dev.coffer.plan.explain;
