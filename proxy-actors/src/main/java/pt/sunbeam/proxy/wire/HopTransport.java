package pt.sunbeam.proxy.wire;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.UpstreamTls;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Hop;

/**
 * One connection over one hop: to its address whatever name is asked for, with the PROXY header first where the backend is told, and TLS on top where it is
 * spoken. Connects once.
 */
final class HopTransport extends ClientTransport {
    private final Hop hop;
    private final @Nullable Ends ends;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private volatile @Nullable UniqueKillSwitch cut;

    /** @param ends whose connection it is, for a backend that is told */
    HopTransport(Hop hop, Ends ends) {
        this.hop = hop;
        this.ends = hop.backend().proxyProtocol() == null ? null : ends;
    }

    /** Breaks the connection off, both ways; what is read or written on it fails with this. */
    void abort(Throwable failure) {
        broken.compareAndSet(null, failure);
        var made = cut;
        if (made != null) {
            made.abort(failure);
        }
    }

    @Override
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
            String host, int port, ClientConnectionSettings settings, ActorSystem system) {
        var tcp = ClientTransport.TCP()
                .connectTo(
                        hop.address().getHostAddress(),
                        hop.backend().port(),
                        settings.withConnectingTimeout(hop.connect()),
                        system);
        var switched = BidiFlow.fromGraph(KillSwitches.<ByteString, ByteString>singleBidi())
                .join(beginning().viaMat(tcp, Keep.right()), (kill, connected) -> {
                    cut = kill;
                    var failure = broken.get();
                    if (failure != null) {
                        kill.abort(failure);
                    }
                    return connected;
                });
        UpstreamTls tls = hop.backend().tls();
        return tls == null ? switched : tls(tls).join(switched, Keep.right());
    }

    private Flow<ByteString, ByteString, NotUsed> beginning() {
        var version = hop.backend().proxyProtocol();
        return version == null || ends == null
                ? Flow.of(ByteString.class)
                : Flow.of(ByteString.class)
                        .prepend(Source.single(ByteString.fromArray(ProxyHeader.write(version, ends))));
    }

    private BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> tls(UpstreamTls tls) {
        var plain = BidiFlow.fromFlows(
                Flow.of(ByteString.class).<SslTlsOutbound>map(SendBytes::new),
                Flow.of(SslTlsInbound.class)
                        .filter(SessionBytes.class::isInstance)
                        .map(inbound -> ((SessionBytes) inbound).bytes()));
        return plain.atop(
                TLS.create(() -> tls.engine(hop.backend().host(), hop.backend().port()), TLSClosing.eagerClose()));
    }
}
