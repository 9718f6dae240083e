package leat.core.evolution;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.Protection;
import org.jspecify.annotations.Nullable;

/// What changes when fields are protected in another way. A hash or a mask is a text like the one
/// whose place it takes; a required field that is cut out is missed by those who know it.
final class ProtectionChanges {

    private ProtectionChanges() {}

    static void add(Contract earlier, Contract later, List<Change> changes) {
        Map<String, Protection.Action> before = actions(earlier);
        Map<String, Protection.Action> after = actions(later);
        Set<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        for (String path : paths) {
            Protection.@Nullable Action was = before.get(path);
            Protection.@Nullable Action is = after.get(path);
            if (is == null || !is.equals(was)) {
                boolean nowRequired = !isDropped(is) && required(later).contains(path);
                boolean wasRequired = !isDropped(was) && required(earlier).contains(path);
                boolean backward = !nowRequired || !isDropped(was);
                boolean forward = !wasRequired || !isDropped(is);
                changes.add(
                        new Change(
                                path,
                                word(was)
                                        + " became "
                                        + word(is)
                                        + "; events that are there keep their value",
                                Compatibility.of(backward, forward),
                                backward ? "" : "make the field optional"));
            }
        }
    }

    private static Map<String, Protection.Action> actions(Contract contract) {
        Map<String, Protection.Action> actions = new HashMap<>();
        contract.protections().forEach(one -> actions.put(one.path().toString(), one.action()));
        return actions;
    }

    private static boolean isDropped(Protection.@Nullable Action action) {
        return action instanceof Protection.Action.Drop;
    }

    private static String word(Protection.@Nullable Action action) {
        return switch (action) {
            case Protection.Action.Hash _ -> "hashed";
            case Protection.Action.Mask(int first, int last) ->
                    "masked (first " + first + ", last " + last + " kept)";
            case Protection.Action.Drop _ -> "dropped";
            case null -> "unprotected";
        };
    }

    private static Set<String> required(Contract contract) {
        Set<String> required = new HashSet<>();
        collect(contract.fields(), "", required);
        return required;
    }

    private static void collect(List<Field> fields, String parent, Set<String> required) {
        for (Field field : fields) {
            String path = parent + field.name();
            if (field.required()) {
                required.add(path);
            }
            inside(field.type(), path, required);
        }
    }

    private static void inside(FieldType type, String path, Set<String> required) {
        if (type instanceof FieldType.Struct struct) {
            collect(struct.fields(), path + ".", required);
        } else if (type instanceof FieldType.Array array) {
            inside(array.items(), path, required);
        }
    }
}
