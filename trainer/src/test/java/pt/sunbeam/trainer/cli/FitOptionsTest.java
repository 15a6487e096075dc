package pt.sunbeam.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import pt.sunbeam.trainer.Detector;

class FitOptionsTest {
    /** A model has at most 1,024 hidden units; what is over would be refused only after the fit. */
    @ParameterizedTest
    @CsvSource({"32, 3", "341, 3", "342, 2", "1024, 1"})
    void asManyPerceptronsStandSideBySideAsAModelHasRoomFor(int hidden, int fits) {
        var options =
                CommandLine.populateCommand(new FitOptions(Detector.DDOS), "--hidden-dim", Integer.toString(hidden));
        var settings = options.settings(Detector.DDOS, 1, "").mlp();
        assertThat(settings.hidden()).isEqualTo(hidden);
        assertThat(settings.fits()).isEqualTo(fits);
    }
}
