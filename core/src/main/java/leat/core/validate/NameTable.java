package leat.core.validate;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The names seen in the objects of one document, to find those that stand twice. An open hash
/// table; names that somebody chose to collide go to a tree, so that the cost stays near linear.
final class NameTable {

    private static final int FIRST_SIZE = 64;
    private static final int MAX_PROBES = 24;

    private record Entry(int scope, String name) {}

    private String[] names = new String[FIRST_SIZE];
    private int[] scopes = new int[FIRST_SIZE];
    private int used;
    private int lastScope;
    private @Nullable TreeSet<Entry> overflow;

    /// Begins an object and returns its number.
    int newScope() {
        return ++lastScope;
    }

    /// Adds a name to an object; false when it was there.
    boolean add(int scope, String name) {
        if (overflow != null && overflow.contains(new Entry(scope, name))) {
            return false;
        }
        int mask = names.length - 1;
        int hash = hash(scope, name);
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            int slot = (hash + probe) & mask;
            if (scopes[slot] == 0) {
                scopes[slot] = scope;
                names[slot] = name;
                if (++used > names.length / 2) {
                    grow();
                }
                return true;
            }
            if (scopes[slot] == scope && names[slot].equals(name)) {
                return false;
            }
        }
        return overflow(scope, name);
    }

    private static int hash(int scope, String name) {
        int hash = (name.hashCode() + scope * 0x9E3779B9) * 0x85EBCA6B;
        return hash ^ (hash >>> 15);
    }

    private boolean overflow(int scope, String name) {
        TreeSet<Entry> tree = overflow;
        if (tree == null) {
            tree = new TreeSet<>(Comparator.comparingInt(Entry::scope).thenComparing(Entry::name));
            overflow = tree;
        }
        return tree.add(new Entry(scope, name));
    }

    private void grow() {
        String[] oldNames = names;
        int[] oldScopes = scopes;
        names = new String[oldNames.length * 2];
        scopes = new int[oldNames.length * 2];
        used = 0;
        for (int i = 0; i < oldNames.length; i++) {
            if (oldScopes[i] != 0) {
                place(oldScopes[i], oldNames[i]);
            }
        }
    }

    private void place(int scope, String name) {
        int mask = names.length - 1;
        int hash = hash(scope, name);
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            int slot = (hash + probe) & mask;
            if (scopes[slot] == 0) {
                scopes[slot] = scope;
                names[slot] = name;
                used++;
                return;
            }
        }
        boolean unused = overflow(scope, name);
        if (!unused) {
            throw new IllegalStateException("a name was in the table twice");
        }
    }
}
