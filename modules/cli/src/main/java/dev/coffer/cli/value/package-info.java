/** The notations in which Docker's users write sizes, times, mounts and limits; all pure. */
package dev.coffer.cli.value;
