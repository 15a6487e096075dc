package pt.sunbeam.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Certificates and keys in their textual encoding (RFC 7468), as files that the configuration names. What is wrong is an IllegalArgumentException. */
final class Pem {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");
    private static final String CERTIFICATES = "a readable file of certificates in PEM";
    private static final String KEYS = "a readable file with a private key in PEM";

    private Pem() {}

    /** At least one. */
    static List<X509Certificate> certificates(String file) {
        try {
            var read = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(text(file, CERTIFICATES).getBytes(StandardCharsets.ISO_8859_1)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!read.isEmpty()) {
                return read;
            }
        } catch (CertificateException malformed) {
            // reported like a file without any
        }
        throw new IllegalArgumentException(CERTIFICATES);
    }

    static PrivateKey key(String file) {
        String text = text(file, KEYS);
        var found = KEY.matcher(text);
        if (!found.find()) {
            throw new IllegalArgumentException(
                    text.contains("PRIVATE KEY-----")
                            ? "an unencrypted key in PKCS #8; openssl pkcs8 -topk8 -nocrypt makes one of it"
                            : KEYS);
        }
        try {
            var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
            for (String algorithm : ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (GeneralSecurityException another) {
                    // it is one of the others, or none
                }
            }
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(KEYS, notBase64);
        }
        throw new IllegalArgumentException("a private key for RSA, EC or EdDSA");
    }

    /** Whether what the key signs, the certificate's verifies. */
    static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        try {
            var signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> "EdDSA";
                    });
            byte[] message = {1};
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException differentKinds) {
            return false;
        }
    }

    private static String text(String file, String expected) {
        try {
            var path = Path.of(file);
            if (Files.size(path) <= MAX_BYTES) {
                return Files.readString(path, StandardCharsets.ISO_8859_1);
            }
        } catch (IOException | InvalidPathException unreadable) {
            throw new IllegalArgumentException(
                    expected + "; " + unreadable.getClass().getSimpleName(), unreadable);
        }
        throw new IllegalArgumentException(expected + " of at most 1 MiB");
    }
}
