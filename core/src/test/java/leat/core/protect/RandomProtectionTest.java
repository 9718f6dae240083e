package leat.core.protect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;

/// Random events of one contract, each written together with what is expected of it: byte for byte,
/// apart from the white space around members that are cut out.
class RandomProtectionTest {

    private static final int EVENTS = 5_000;
    private static final Contract CONTRACT = ProtectedContracts.ALL;

    private final long seed = Long.getLong("leat.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Replacements replacements = new Replacements(ProtectedContracts.KEY);
    private final List<String> plain = new ArrayList<>();
    private boolean drops;

    /// A piece of an event as the client sent it and as it goes on; null when it is cut out.
    private record Piece(String sent, String published) {
        static final String CUT = "\0";

        static Piece same(String text) {
            return new Piece(text, text);
        }

        boolean isCut() {
            return published.equals(CUT);
        }
    }

    @Test
    void nothingButTheProtectedValuesChangesAndNoneOfThemGetsThrough() {
        Protector protector = Protector.of(CONTRACT, ProtectedContracts.KEY);
        Validator enriched = Validator.forEnriched(CONTRACT);
        int exact = 0;
        for (int i = 0; i < EVENTS; i++) {
            plain.clear();
            drops = random.nextBoolean();
            Piece event = event();
            String published = new String(protector.value(event.sent().getBytes(UTF_8)), UTF_8);

            if (drops) {
                assertThat(dense(published))
                        .as("seed %d: %s", seed, event.sent())
                        .isEqualTo(dense(event.published()));
            } else {
                exact++;
                assertThat(published)
                        .as("seed %d: %s", seed, event.sent())
                        .isEqualTo(event.published());
            }
            assertThat(enriched.validate(published.getBytes(UTF_8)))
                    .as("seed %d: %s", seed, published)
                    .isInstanceOf(Outcome.Valid.class);
            plain.forEach(text ->
                    assertThat(published)
                            .as("seed %d: %s", seed, event.sent())
                            .doesNotContain(text));
        }
        assertThat(exact).isGreaterThan(EVENTS / 3);
    }

    private Piece event() {
        List<Piece> members = new ArrayList<>();
        members.add(member("number", Piece.same(Integer.toString(random.nextInt()))));
        members.add(member("mail", hashed()));
        add(members, "card", masked(4));
        members.add(drops ? cut("born") : Piece.same("\"z\":0"));
        add(members, "domain", hashed());
        add(members, "when", Piece.same("\"2026-01-01T00:00:00Z\""));
        add(members, "unknown", unknown());
        members.add(
                member(
                        "customer",
                        object(
                                List.of(
                                        member("id", Piece.same(text("C" + letters()))),
                                        member("nämé", hashed()),
                                        member("note", masked(0)),
                                        member("mail", unknown())))));
        List<Piece> lines = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            List<Piece> line = new ArrayList<>();
            add(line, "sku", Piece.same(text(letters())));
            add(line, "engraving", hashed());
            if (drops) {
                line.add(cut("tags"));
            }
            lines.add(object(line));
        }
        add(members, "lines", joined("[", lines, "]"));
        return object(members);
    }

    private void add(List<Piece> members, String name, Piece value) {
        if (random.nextInt(4) > 0) {
            members.add(member(name, value));
        }
    }

    private Piece cut(String name) {
        return new Piece(name(name) + space() + ":" + space() + unknown().sent(), Piece.CUT);
    }

    private Piece member(String name, Piece value) {
        String before = name(name) + space() + ":" + space();
        return new Piece(before + value.sent(), before + value.published());
    }

    private Piece object(List<Piece> members) {
        List<Piece> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        return joined("{", shuffled, "}");
    }

    private Piece joined(String open, List<Piece> pieces, String close) {
        StringBuilder sent = new StringBuilder(open);
        StringBuilder published = new StringBuilder(open);
        boolean first = true;
        boolean firstPublished = true;
        for (Piece piece : pieces) {
            String before = space();
            String after = space();
            sent.append(first ? "" : ",").append(before).append(piece.sent()).append(after);
            first = false;
            if (!piece.isCut()) {
                published.append(firstPublished ? "" : ",").append(before);
                published.append(piece.published()).append(after);
                firstPublished = false;
            }
        }
        String end = space();
        return new Piece(sent + end + close, published + end + close);
    }

    private Piece hashed() {
        if (random.nextInt(10) == 0) {
            return new Piece("\"\"", "\"" + replacements.hash(new byte[0]) + "\"");
        }
        String value = secret();
        return new Piece(text(value), "\"" + replacements.hash(value.getBytes(UTF_8)) + "\"");
    }

    private Piece masked(int last) {
        String value = secret();
        return new Piece(
                text(value),
                last == 0 ? "\"***\"" : "\"***" + value.substring(value.length() - last) + "\"");
    }

    /// A text that stands nowhere else; its last four characters are plain letters.
    private String secret() {
        String core = "Sé" + random.nextInt(1_000_000_000) + "\uD83D\uDE00";
        plain.add(core);
        return core + "\"\\/\n{}[],:" + letters();
    }

    private String letters() {
        return HexFormat.of().toHexDigits((short) random.nextInt());
    }

    private Piece unknown() {
        return Piece.same(
                switch (random.nextInt(7)) {
                    case 0 -> "null";
                    case 1 -> "-1.5E+3";
                    case 2 -> "{\"mail\" :[{ \"card\":\"}{\\\"\"}], \"a\":true }";
                    case 3 -> "[[ ],{},\"]\",false]";
                    case 4 -> "\"\\\\\"";
                    case 5 -> "{ }";
                    default -> text(letters());
                });
    }

    private String name(String name) {
        return random.nextInt(5) == 0 ? text(name) : "\"" + name + "\"";
    }

    /// The text as JSON, some of its characters needlessly escaped.
    private String text(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // Half a pair of surrogates is no UTF-8: both are escaped, or none.
            if (Character.isSurrogate(c) ? value.length() % 2 == 0 : random.nextInt(8) == 0) {
                out.append("\\u").append(HexFormat.of().toHexDigits((short) c));
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c == '\n' ? "\\n" : c == '/' && random.nextBoolean() ? "\\/" : "" + c);
            }
        }
        return out.append('"').toString();
    }

    private String space() {
        return random.nextInt(3) > 0 ? "" : " \t\n\r".substring(random.nextInt(4)).substring(0, 1);
    }

    /// The JSON without the white space between its tokens.
    private static String dense(String json) {
        StringBuilder out = new StringBuilder();
        boolean inText = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inText && c == '\\') {
                out.append(c).append(json.charAt(++i));
                continue;
            }
            inText ^= c == '"';
            if (inText || !Character.isWhitespace(c)) {
                out.append(c);
            }
        }
        return out.toString();
    }
}
