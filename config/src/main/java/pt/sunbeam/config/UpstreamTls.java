package pt.sunbeam.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the backends of a route (RFC 8446, RFC 5246). Equal where it was made of the same files and words.
 *
 * <p>Host names are verified as RFC 9110 section 4.3.4 says, unless nothing is.
 */
public final class UpstreamTls {
    static final UpstreamTls DEFAULT = new UpstreamTls(true, List.of(), null, null);

    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*");
    private static final char[] NO_PASSWORD = {};

    private final boolean verify;
    private final List<X509Certificate> authorities;
    private final @Nullable String serverName;
    private final @Nullable Identity identity;

    /** Made when it is first needed, for the JDK's authorities take time to read. */
    private @Nullable SSLContext context;

    /** What this proxy shows of itself, the certificate of its own first. */
    record Identity(List<X509Certificate> chain, PrivateKey key) {}

    private UpstreamTls(
            boolean verify,
            List<X509Certificate> authorities,
            @Nullable String serverName,
            @Nullable Identity identity) {
        this.verify = verify;
        this.authorities = authorities;
        this.serverName = serverName;
        this.identity = identity;
    }

    static UpstreamTls read(Section tls) {
        if (!tls.isPresent()) {
            return DEFAULT;
        }
        boolean verify = tls.flag("verify", true);
        List<X509Certificate> authorities = tls.parsed("ca", List.of(), Pem::certificates);
        if (!verify && tls.has("ca")) {
            tls.fault("ca", "nothing, or verify = true");
        }
        var name = tls.has("server_name") ? tls.parsed("server_name", "", UpstreamTls::name) : null;
        return new UpstreamTls(verify, authorities, name, identity(tls));
    }

    private static @Nullable Identity identity(Section tls) {
        if (!tls.has("certificate") && !tls.has("key")) {
            return null;
        }
        tls.require("certificate", "the file of the certificate, beside key");
        tls.require("key", "the file of the private key, beside certificate");
        List<X509Certificate> chain = tls.parsed("certificate", List.of(), Pem::certificates);
        Optional<PrivateKey> key = tls.parsed("key", Optional.empty(), file -> Optional.of(Pem.key(file)));
        if (chain.isEmpty() || key.isEmpty()) {
            return null; // reported
        }
        if (!Pem.belongTogether(chain.getFirst(), key.get())) {
            tls.fault("key", "the private key of the first certificate in certificate");
            return null;
        }
        return new Identity(chain, key.get());
    }

    private static String name(String text) {
        if (NAME.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException("a host name");
    }

    private synchronized SSLContext context() {
        var made = context;
        if (made == null) {
            made = make();
            context = made;
        }
        return made;
    }

    private SSLContext make() {
        try {
            var fresh = SSLContext.getInstance("TLS");
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(identity), NO_PASSWORD);
            fresh.init(
                    keys.getKeyManagers(),
                    verify ? trust(authorities) : new TrustManager[] {new Anyone()},
                    new SecureRandom());
            return fresh;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot speak TLS so", e);
        }
    }

    private static KeyStore store(@Nullable Identity identity) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (identity != null) {
            store.setKeyEntry("self", identity.key, NO_PASSWORD, identity.chain.toArray(X509Certificate[]::new));
        }
        return store;
    }

    /** Without authorities of our own those of the JDK count. */
    private static TrustManager[] trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = null;
        if (!authorities.isEmpty()) {
            store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca-" + i, authorities.get(i));
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    /** The client's side of a connection to a backend of that name or literal address; speaks TLS 1.2 and 1.3. */
    public SSLEngine engine(String host, int port) {
        String name = serverName == null ? host : serverName;
        var engine = context().createSSLEngine(name, port);
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (isName(name)) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** RFC 6066 section 3: an address is no server name; nor is what JSSE would not take. */
    private static boolean isName(String host) {
        try {
            InetAddress.ofLiteral(host);
            return false;
        } catch (IllegalArgumentException name) {
            return NAME.matcher(host).matches() && host.indexOf('_') < 0;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UpstreamTls that
                && verify == that.verify
                && authorities.equals(that.authorities)
                && Objects.equals(serverName, that.serverName)
                && (identity == null
                        ? that.identity == null
                        : that.identity != null
                                && identity.chain.equals(that.identity.chain)
                                && Arrays.equals(identity.key.getEncoded(), that.identity.key.getEncoded()));
    }

    @Override
    public int hashCode() {
        return Objects.hash(verify, authorities, serverName);
    }

    @Override
    public String toString() {
        return "UpstreamTls[verify=" + verify + ", ca=" + authorities.size() + ", server_name=" + serverName
                + ", certificate=" + (identity == null ? "none" : "***") + "]";
    }

    /** Where it was asked that nothing be verified. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
