package pt.sunbeam.detector.audit;

import java.util.List;
import java.util.Set;
import pt.sunbeam.detector.http.RequestHead;

/** Keeps secrets out of the log: values only for allow-listed names, token-like path segments masked, addresses pseudonymised where asked. */
public final class Redaction {
    /** @param key secret key for hashes and pseudonyms, 16 bytes or more */
    public Redaction(Set<String> keepValues, boolean pseudonymise, byte[] key) {}

    /** The path with segments that look like tokens replaced by "*". */
    public String path(String path) {
        throw new UnsupportedOperationException("stub");
    }

    /** The query with each value replaced by "*", but for allow-listed names: "page=2&token=*". */
    public String query(String query) {
        throw new UnsupportedOperationException("stub");
    }

    public String address(String literal) {
        throw new UnsupportedOperationException("stub");
    }

    /** Shapes of query parameters and cookies, at most 64 places. */
    public List<AuditRecord.Place> shape(RequestHead head) {
        throw new UnsupportedOperationException("stub");
    }
}
