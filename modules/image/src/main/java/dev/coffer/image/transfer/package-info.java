/** What those who wait for bytes from or to a registry are told. */
package dev.coffer.image.transfer;
