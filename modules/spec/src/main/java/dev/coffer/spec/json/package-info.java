/**
 * JSON (RFC 8259) as immutable values.
 *
 * <p>{@link dev.coffer.spec.json.Json} reads and writes text, {@link
 * dev.coffer.spec.json.JsonCursor} decodes a tree and names the path of whatever is wrong in it,
 * {@link dev.coffer.spec.json.JsonObject.Builder} makes new objects:
 *
 * <pre>{@code
 * JsonCursor config = JsonCursor.read("config.json", bytes, Limits.CONFIG);
 * String cwd = config.field("process").field("cwd").string();
 * Optional<String> user = config.field("user").optional(JsonCursor::string);
 * List<String> args = config.field("args").list(JsonCursor::string);
 *
 * JsonObject state = JsonObject.builder().put("pid", 42).put("status", "running").build();
 * Files.write(path, Json.bytes(state));
 * }</pre>
 */
package dev.coffer.spec.json;
