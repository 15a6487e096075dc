package pt.sunbeam.detector.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes audit lines, one JSON object and a line feed each. Not thread-safe.
 *
 * <p>A line is printable ASCII: everything else is escaped, so that no header of a client starts a line of its own or moves a terminal's cursor. A line
 * reaches the stream in one write, or not at all. Times are cut to microseconds.
 */
public final class AuditWriter {
    static final String ABSENT = "-";

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(2048);

    public void write(AuditRecord record, OutputStream out) throws IOException {
        line.reset();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", TIME.format(record.timestamp()));
            json.writeStringField("level", "INFO");
            json.writeStringField("target", "audit");
            json.writeObjectFieldStart("fields");
            for (AuditField field : AuditField.values()) {
                write(json, field, record);
            }
            json.writeEndObject();
            if (record.sunbeam() != null) {
                write(json, record.sunbeam());
            }
            json.writeEndObject();
        }
        line.write('\n');
        line.writeTo(out);
    }

    private static void write(JsonGenerator json, AuditField field, AuditRecord record) throws IOException {
        switch (field) {
            case MESSAGE -> json.writeStringField(field.key(), "request");
            case TARGET -> json.writeStringField(field.key(), "audit");
            case REQUEST_ID -> json.writeStringField(field.key(), record.requestId());
            case METHOD -> json.writeStringField(field.key(), record.method());
            case HOST -> json.writeStringField(field.key(), record.host());
            case PATH -> json.writeStringField(field.key(), record.path());
            case QUERY -> json.writeStringField(field.key(), record.query());
            case CLIENT_IP -> json.writeStringField(field.key(), record.clientIp());
            case STATUS -> json.writeNumberField(field.key(), record.status());
            case DURATION_MS -> json.writeNumberField(field.key(), record.durationMs());
            case CONTENT_LENGTH -> json.writeNumberField(field.key(), record.contentLength());
            case RESPONSE_BYTES -> json.writeNumberField(field.key(), record.responseBytes());
            case USER_AGENT -> header(json, field, record.userAgent());
            case REFERER -> header(json, field, record.referer());
            case ACCEPT_LANGUAGE -> header(json, field, record.acceptLanguage());
            case ACCEPT -> header(json, field, record.accept());
            case ACCEPT_ENCODING -> header(json, field, record.acceptEncoding());
            case HAS_COOKIES -> json.writeBooleanField(field.key(), record.hasCookies());
            case CONNECTION -> header(json, field, record.connection());
            case CF_COUNTRY -> header(json, field, record.cfCountry());
            case BACKEND -> header(json, field, record.backend());
            case ERROR -> header(json, field, record.error());
            case HTTP_VERSION -> json.writeStringField(field.key(), record.httpVersion());
            case HEADER_COUNT -> json.writeNumberField(field.key(), record.headerCount());
            case LABEL -> {
                if (record.label() != null) {
                    json.writeStringField(field.key(), record.label());
                }
            }
        }
    }

    private static void header(JsonGenerator json, AuditField field, @Nullable String value) throws IOException {
        json.writeStringField(field.key(), value == null ? ABSENT : value);
    }

    private static void write(JsonGenerator json, AuditRecord.Extension sunbeam) throws IOException {
        json.writeObjectFieldStart("sunbeam");
        json.writeNumberField("v", sunbeam.v());
        json.writeStringField("node", sunbeam.node());
        optional(json, "route", sunbeam.route());
        write(json, "ddos", sunbeam.ddos());
        write(json, "scanner", sunbeam.scanner());
        write(json, "rate_limit", sunbeam.rateLimit());
        optional(json, "model", sunbeam.model());
        json.writeNumberField("upstream_ms", sunbeam.upstreamMs());
        json.writeArrayFieldStart("shape");
        for (AuditRecord.Place place : sunbeam.shape()) {
            json.writeStartObject();
            json.writeStringField("place", place.place());
            json.writeStringField("name", place.name());
            json.writeNumberField("classes", place.classes());
            json.writeNumberField("length_bucket", place.lengthBucket());
            json.writeNumberField("hash", Integer.toUnsignedLong(place.hash()));
            json.writeEndObject();
        }
        json.writeEndArray();
        if (sunbeam.scannerFeatures() != null) {
            json.writeFieldName("scanner_features");
            json.writeArray(sunbeam.scannerFeatures(), 0, sunbeam.scannerFeatures().length);
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, AuditRecord.@Nullable Layer layer) throws IOException {
        if (layer == null) {
            return;
        }
        json.writeObjectFieldStart(name);
        json.writeStringField("decision", layer.decision());
        json.writeNumberField("score", layer.score());
        json.writeStringField("path", layer.path());
        strings(json, layer.reasons());
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, List<String> reasons) throws IOException {
        if (reasons.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("reasons");
        for (String reason : reasons) {
            json.writeString(reason);
        }
        json.writeEndArray();
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
