/** The image store on disk. */
package dev.coffer.image.store;
