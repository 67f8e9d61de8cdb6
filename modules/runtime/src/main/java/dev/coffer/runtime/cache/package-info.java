/** What was made before and need not be made again. */
package dev.coffer.runtime.cache;
