/** Making a container: joining a request with its image's config, checking it, naming it. */
package dev.coffer.engine.create;
