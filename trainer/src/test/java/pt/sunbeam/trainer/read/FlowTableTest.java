package pt.sunbeam.trainer.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.detector.audit.Reasons.Count;

class FlowTableTest {
    private static final String HEADING =
            " Flow Duration, Total Fwd Packets, Total Backward Packets,Flow Bytes/s, Label\n";

    @TempDir
    Path folder;

    @Test
    void flowsAreCountedByLabel() throws IOException {
        var counts = read(HEADING + "1,2,3,4.5,BENIGN\r\n1,2,3,Infinity,DDoS\n1,2,3,,Web \u0096 X\n1,2,3,-1,BENIGN\n");
        assertThat(counts.labels()).isEqualTo(Map.of("BENIGN", 2L, "DDoS", 1L, "Web ? X", 1L));
        assertThat(counts.account().taken()).isEqualTo(4);
    }

    @Test
    void badRowsAreCountedByTheirReason() throws IOException {
        var account = read(HEADING + "1,2,3,4,BENIGN\n1,2,3\n1,x,3,4,BENIGN\n1,2,3,4,\n\n\"1,2,3,4,BENIGN\n"
                        + "1".repeat(1 << 21) + "\n")
                .account();
        assertThat(account.taken()).isEqualTo(1);
        assertThat(account.malformed().counts()).extracting(Count::firstLine).containsExactly(3L, 4L, 5L, 7L, 8L);
        assertThat(account.malformed().counts())
                .extracting(Count::reason)
                .contains(
                        "row: found 3 columns (expected: 5 as in the heading)",
                        "Total Fwd Packets: found \"x\" (expected: a number)",
                        "Label: found \"\" (expected: one of the set's few labels)");
        assertThat(account.leftOut().counts())
                .containsExactly(new Count("heading", 1, 1), new Count("blank line", 1, 6));
    }

    @Test
    void anotherTableIsRefusedAndSoIsOneWithoutFlows() {
        assertThatThrownBy(() -> read("a,b\n1,2\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("flows.csv:1: no heading of CIC-IDS2017 (expected: columns Flow Duration");
        assertThatThrownBy(() -> read(HEADING))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("flows.csv: no flows in it");
    }

    private FlowTable.Counts read(String text) throws IOException {
        var path = Files.write(folder.resolve("flows.csv"), text.getBytes(StandardCharsets.ISO_8859_1));
        return FlowTable.read(new DataFile(path));
    }
}
