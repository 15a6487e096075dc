package pt.sunbeam.proxy.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Sticky;
import pt.sunbeam.proxy.message.Field;

/**
 * The cookie by which a client stays with an endpoint (RFC 6265): {@code ENDPOINT.EXPIRY.SIGNATURE}. The endpoint is a keyed hash of its URL and address,
 * which says nothing of them; the expiry is in seconds since 1970, 0 for none; the signature is an HMAC (RFC 2104) of both.
 */
final class StickyCookie {
    private static final int TAG_BYTES = 9;
    private static final int SIGNATURE_BYTES = 18;

    private final Sticky rules;
    private final SecretKeySpec key;

    StickyCookie(Sticky rules) {
        this.rules = rules;
        key = new SecretKeySpec(rules.secret().getBytes(ISO_8859_1), "HmacSHA256");
    }

    String name() {
        return rules.name();
    }

    /** The endpoint's name in cookies. */
    String tag(Endpoint endpoint) {
        return mac("endpoint " + endpoint.backend().url() + " " + endpoint.hop(), TAG_BYTES);
    }

    /** The field that binds a client. */
    Field bind(String tag, long nowSeconds) {
        var ttl = rules.ttl();
        long expiry = ttl == null ? 0 : nowSeconds + ttl.toSeconds();
        String signed = tag + "." + expiry;
        return new Field(
                "Set-Cookie",
                rules.name() + "=" + signed + "." + mac(signed, SIGNATURE_BYTES) + "; Path=/; HttpOnly; SameSite=Lax"
                        + (ttl == null ? "" : "; Max-Age=" + ttl.toSeconds()));
    }

    /** The tag that a cookie's value names, or null where it is not one of ours or has expired. */
    @Nullable
    String read(String value, long nowSeconds) {
        int tagEnd = value.indexOf('.');
        int signedEnd = value.indexOf('.', tagEnd + 1);
        if (tagEnd <= 0 || signedEnd < 0 || value.length() > 128) {
            return null;
        }
        String signature = mac(value.substring(0, signedEnd), SIGNATURE_BYTES);
        boolean ours = MessageDigest.isEqual(
                signature.getBytes(ISO_8859_1), value.substring(signedEnd + 1).getBytes(ISO_8859_1));
        if (!ours) {
            return null;
        }
        long expiry = Long.parseLong(value, tagEnd + 1, signedEnd, 10); // we wrote it
        return expiry == 0 || nowSeconds < expiry ? value.substring(0, tagEnd) : null;
    }

    private String mac(String text, int bytes) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] whole = mac.doFinal(text.getBytes(ISO_8859_1));
            byte[] part = Arrays.copyOf(whole, bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
