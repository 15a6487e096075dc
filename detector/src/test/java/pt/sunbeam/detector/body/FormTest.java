package pt.sunbeam.detector.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @Test
    void valuesStandUnderTheirNamesAsOnTheWire() {
        assertThat(Values.of(FORM, "user=a%27b+c&user=2&empty=&flag&=x&a=b=c").values())
                .containsExactly("form user=a%27b+c", "form user=2", "form empty=", "form =x", "form a=b=c");
    }

    @Test
    void aNameThatCouldHoldMoreIsAValueWithItsValue() {
        assertThat(Values.of(FORM, "a%27or+1=2&list[0]=x&'or 1").values())
                .containsExactly("form =a%27or+1=2", "form =list[0]", "form list[0]=x", "form ='or 1");
    }

    @Test
    void aLongNameIsAValueWithItsValue() {
        String name = "n".repeat(200);
        assertThat(Values.of(FORM, name + "=v").values()).containsExactly("form =" + name + "=v");
    }

    @Test
    void jsonUnderTheTypeOfAFormIsReadAsJsonWithAFormsPlus() {
        assertThat(Values.of(FORM, " {\"q\":\"1'+or+1=1&x\"}").values()).containsExactly("form q=1'+or+1=1&x");
    }

    @Test
    void aFormThatOnlyBeginsLikeJsonIsReadWithWhatStoodBeforeTheBreak() {
        var reading = Values.of(FORM, "[1&q=1' or \"1\"=\"1");
        assertThat(reading.values()).containsExactly("text =[1&q=1' or \"1\"=\"1");
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.MALFORMED.bit());
    }

    @Test
    void aNameThatIsAPathIsAValueToo() {
        assertThat(Values.of(FORM, "a%5Bb%5d=1&__proto__.x=2&a_b-c=3&d%5").values())
                .containsExactly(
                        "form =a%5Bb%5d",
                        "form a%5Bb%5d=1", "form =__proto__.x", "form __proto__.x=2", "form a_b-c=3", "form =d%5");
    }
}
