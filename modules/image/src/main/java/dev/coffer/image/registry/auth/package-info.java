/** Who a caller is to a registry: credentials, where they are kept, and tokens. */
package dev.coffer.image.registry.auth;
