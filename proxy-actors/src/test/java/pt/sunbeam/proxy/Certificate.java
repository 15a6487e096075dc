package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate that is its own authority, made by the JDK's keytool, as a store and as files in PEM. */
final class Certificate {
    private static final char[] PASSWORD = "changeit".toCharArray();

    final Path pem;
    final Path key;
    private final KeyStore store;

    /** @param names what it is for, such as "dns:app.test,ip:127.0.0.1" */
    Certificate(Path folder, String name, String names) throws Exception {
        var file = folder.resolve(name + ".p12");
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + names,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
        store = KeyStore.getInstance(file.toFile(), PASSWORD);
        pem = write(
                folder.resolve(name + ".pem"),
                "CERTIFICATE",
                store.getCertificate("own").getEncoded());
        key = write(
                folder.resolve(name + ".key"),
                "PRIVATE KEY",
                store.getKey("own", PASSWORD).getEncoded());
    }

    private static Path write(Path file, String what, byte[] encoded) throws IOException {
        var text = Base64.getMimeEncoder().encodeToString(encoded);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    /** A server's, which believes clients that show {@code trusted}. */
    SSLContext server(Certificate trusted) throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var believed = KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        believed.setCertificateEntry("trusted", trusted.store.getCertificate("own"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(believed);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
