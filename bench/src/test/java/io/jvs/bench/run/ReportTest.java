package io.jvs.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Map<String, String> MACHINE = Map.of("processor", "A & B <1>");

    private static ComparisonResult result() {
        return StatisticsTest.result(Map.of(Comparison.JVS, 40.0, Comparison.REFERENCE, 25.0));
    }

    @Test
    void shouldWriteEveryRoundAsJson() {
        JsonObject root =
                JsonParser.parseString(JsonReport.of(MACHINE, List.of(result()))).getAsJsonObject();
        assertThat(root.getAsJsonObject("machine").get("processor").getAsString())
                .isEqualTo("A & B <1>");
        JsonObject first = root.getAsJsonArray("results").get(0).getAsJsonObject();
        assertThat(first.getAsJsonObject("scenario").get("flows").getAsString()).isEqualTo("64");
        assertThat(first.get("jvs_to_reference").getAsDouble()).isCloseTo(1.6, within(1e-9));
        JsonObject jvs = first.getAsJsonObject("programs").getAsJsonObject("jvs");
        assertThat(jvs.getAsJsonObject("cpu_ns").get("max").getAsDouble()).isEqualTo(45);
        assertThat(jvs.getAsJsonArray("rounds")).hasSize(3);
        assertThat(jvs.getAsJsonArray("rounds").get(0).getAsJsonObject().get("gap").getAsString())
                .isEqualTo("1.5");
    }

    @Test
    void shouldWriteAPageThatNeedsNothingElse() {
        String html = HtmlReport.of(MACHINE, List.of(result(), result()));
        assertThat(html)
                .contains("JVS in all scenarios", "A &amp; B &lt;1&gt;", "title of jvs", "polyline")
                .doesNotContain("http", "<script", "@import", "url(");
        assertThat(parse(html.substring(html.indexOf("<body>"), html.indexOf("</html>"))))
                .isEqualTo(3 + 2);
    }

    /** Checks that every tag ends where it must; gives the number of plots. */
    private static int parse(String body) {
        Deque<String> open = new ArrayDeque<>();
        int plots = 0;
        Matcher tag = Pattern.compile("<(/?)(\\w+)[^>]*?(/?)>").matcher(body);
        while (tag.find()) {
            plots += tag.group().startsWith("<svg") ? 1 : 0;
            if (!tag.group(1).isEmpty()) {
                assertThat(tag.group(2)).isEqualTo(open.pop());
            } else if (tag.group(3).isEmpty()) {
                open.push(tag.group(2));
            }
        }
        assertThat(open).isEmpty();
        return plots;
    }

    @Test
    void shouldReadTheCurveOfTheLastRound() {
        assertThat(HtmlReport.curve(result()))
                .containsExactly(new SvgPlot.Point(1, 2), new SvgPlot.Point(3, 4));
    }

    @Test
    void shouldEndAxesWithRoundNumbers() {
        assertThat(SvgPlot.niceEnd(0)).isEqualTo(1);
        assertThat(SvgPlot.niceEnd(0.7)).isCloseTo(1, within(1e-12));
        assertThat(SvgPlot.niceEnd(13)).isEqualTo(20);
        assertThat(SvgPlot.niceEnd(21)).isEqualTo(25);
        assertThat(SvgPlot.niceEnd(26)).isEqualTo(50);
        assertThat(SvgPlot.niceEnd(51)).isEqualTo(100);
        assertThat(SvgPlot.number(3)).isEqualTo("3");
        assertThat(SvgPlot.number(12_345.6)).isEqualTo("12,346");
        assertThat(SvgPlot.number(3.14)).isEqualTo("3.1");
    }
}
