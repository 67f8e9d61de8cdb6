/**
 * The frames between launcher, engine and monitor: numbers, payloads and their transport.
 *
 * <p>docs/contributors/protocols.md says what each means. The numbers stand here once; {@link
 * dev.coffer.runtime.protocol.ProtoHeader} generates native/include/proto.h from them.
 */
package dev.coffer.runtime.protocol;
