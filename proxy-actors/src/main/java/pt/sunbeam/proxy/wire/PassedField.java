package pt.sunbeam.proxy.wire;

import java.util.Locale;
import org.apache.pekko.http.scaladsl.model.headers.CustomHeader;

/** A field that passes pekko-http's renderer as it is. */
final class PassedField extends CustomHeader {
    private final String name;
    private final String value;

    PassedField(String name, String value) {
        this.name = name;
        this.value = value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lowercaseName() {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String value() {
        return value;
    }

    @Override
    public boolean renderInRequests() {
        return true;
    }

    @Override
    public boolean renderInResponses() {
        return true;
    }
}
