package leat.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Explains one key of `leat.yaml` on the record component that holds it. The key is the
/// component's name in kebab-case; the reference page is generated from here.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

    /// What the key does, one sentence, with its unit and limits.
    String description();

    /// The default as it would be written in `leat.yaml`; empty for an absent `Optional`, an empty
    /// list or map, or a nested record of defaults.
    String defaultValue() default "";
}
