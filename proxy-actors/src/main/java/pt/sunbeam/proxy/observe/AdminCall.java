package pt.sunbeam.proxy.observe;

import org.jspecify.annotations.Nullable;

/**
 * A request to the admin listener.
 *
 * @param host of its Host field, without the port; empty where it has none
 * @param origin of the page that a browser sends it for, or null
 * @param authorization the field's value, or null
 * @param body UTF-8 text, at most 64 KiB
 */
public record AdminCall(
        String method,
        String path,
        String host,
        @Nullable String origin,
        @Nullable String authorization,
        String body) {}
