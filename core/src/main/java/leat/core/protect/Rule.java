package leat.core.protect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Protection;
import org.jspecify.annotations.Nullable;

/// What is done to the value of a member of an object.
sealed interface Rule {

    /// The value is replaced by something made of it.
    record Replaced(Protection.Action action) implements Rule {}

    /// The member is cut out.
    record Cut() implements Rule {}

    /// There are rules for the members of the object, or of every object of the list.
    record Inside(Level level) implements Rule {}

    /// The rules for the members of an object; the others stay as they are.
    record Level(List<Member> members) {

        /// A rule and whom it concerns.
        @SuppressWarnings("ArrayRecordComponent")
        record Member(byte[] name, Rule rule) {}

        /// The rules of these protections.
        static Level of(List<Protection> protections) {
            return of(protections, 0);
        }

        private static Level of(List<Protection> protections, int depth) {
            Map<String, List<Protection>> byName = new LinkedHashMap<>();
            for (Protection one : protections) {
                byName.computeIfAbsent(one.path().segments().get(depth), _ -> new ArrayList<>())
                        .add(one);
            }
            List<Member> members = new ArrayList<>();
            byName.forEach((name, below) ->
                    members.add(
                            new Member(name.getBytes(StandardCharsets.UTF_8), rule(below, depth))));
            return new Level(List.copyOf(members));
        }

        private static Rule rule(List<Protection> below, int depth) {
            Protection first = below.getFirst();
            if (first.path().segments().size() > depth + 1) {
                return new Inside(of(below, depth + 1));
            }
            return switch (first.action()) {
                case Protection.Action.Drop _ -> new Cut();
                case Protection.Action.Hash _, Protection.Action.Mask _ ->
                        new Replaced(first.action());
            };
        }

        /// Null when nothing is done to the member of that name.
        @Nullable Rule rule(byte[] bytes, int from, int to) {
            for (Member member : members) {
                byte[] name = member.name();
                if (name.length == to - from
                        && Arrays.equals(bytes, from, to, name, 0, name.length)) {
                    return member.rule();
                }
            }
            return null;
        }
    }
}
