/**
 * Lists of manifests that a user makes: indexes in the store whose members are images there or in
 * registries.
 */
package dev.coffer.image.list;
