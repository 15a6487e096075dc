package pt.sunbeam.proxy.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.Inet.SocketOption;

/** Lets other processes of the same user listen on the same port: the kernel shares new connections out among them. */
public final class ReusePort extends Inet.AbstractSocketOption {
    private ReusePort() {}

    /** Those options, and where it is wanted this one. */
    public static List<SocketOption> added(Iterable<SocketOption> options, boolean wanted) {
        var all = new ArrayList<SocketOption>();
        options.forEach(all::add);
        if (wanted) {
            all.add(new ReusePort());
        }
        return all;
    }

    @Override
    public void beforeServerSocketBind(ServerSocket socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
