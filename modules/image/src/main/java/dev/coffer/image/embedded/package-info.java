/** Makes the images that come with the distribution. */
package dev.coffer.image.embedded;
