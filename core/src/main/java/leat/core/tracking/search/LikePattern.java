package leat.core.tracking.search;

import java.util.Locale;

/// SQL's LIKE: `%` stands for any characters, `_` for one. Never slower than the product of both
/// lengths, whatever the pattern.
record LikePattern(String pattern) {

    static LikePattern ignoringCase(String pattern) {
        return new LikePattern(pattern.toLowerCase(Locale.ROOT));
    }

    boolean matches(String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '%') {
                star = p++;
                resume = t;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '_' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '%') {
            p++;
        }
        return p == pattern.length();
    }
}
