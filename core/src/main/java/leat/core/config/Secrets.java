package leat.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where secrets are. Settings never hold one: they name its place, `${env:NAME}` for a variable of
/// the environment or `${file:PATH}` for a file, which may be a part of a longer text.
///
/// @param environment the variables there are
/// @param folder where relative paths begin
public record Secrets(Map<String, String> environment, Path folder) {

    private static final Pattern PLACE = Pattern.compile("\\$\\{(env|file):([^{}]+)\\}");
    private static final Pattern OPENED = Pattern.compile("\\$\\{");
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)password|secret|token|credential|access-key|account-key");
    private static final Pattern SECRET_PART = Pattern.compile("(?i)password=|//[^/@]*:[^/@]*@");
    private static final long MAX_BYTES = 256 << 10;
    private static final String REMEDY =
            "name its place instead, ${env:NAME} for a variable of the environment or ${file:PATH}"
                    + " for a file";

    /// A place that holds no secret.
    public static final class Missing extends RuntimeException {

        private final String remedy;

        /// Makes the error; neither text holds a secret.
        public Missing(String message, String remedy) {
            super(message);
            this.remedy = remedy;
        }

        /// What to do, an imperative without a final full stop.
        public String remedy() {
            return remedy;
        }
    }

    /// Copies the environment.
    public Secrets {
        environment = Map.copyOf(environment);
    }

    /// Whether a property of that name is secret, as far as names tell.
    public static boolean isSecretName(String property) {
        return SECRET_NAME.matcher(property).find();
    }

    /// Whether an address has a secret in it: a password among its parameters, or behind a user.
    public static boolean hasSecretPart(String address) {
        return SECRET_PART.matcher(address).find();
    }

    /// Checks the value of a setting that is secret as a whole.
    ///
    /// @throws IllegalArgumentException when the secret itself stands there; the message does not
    ///   repeat it
    public static void requirePlace(String setting, String text) {
        checkPlaces(setting, text);
        if (!PLACE.matcher(text).matches()) {
            throw literal(setting);
        }
    }

    /// What is wrong where a secret stands in the settings.
    public static IllegalArgumentException literal(String setting) {
        return new IllegalArgumentException(
                setting + " must not hold the secret itself: " + REMEDY);
    }

    /// Checks that all places in a text are well-formed.
    ///
    /// @throws IllegalArgumentException when one is not; the message does not repeat the text
    public static void checkPlaces(String setting, String text) {
        if (OPENED.matcher(PLACE.matcher(text).replaceAll("")).find()) {
            throw new IllegalArgumentException(
                    setting + " holds a ${…} that is neither ${env:NAME} nor ${file:PATH}");
        }
    }

    /// The text with the secrets in their places.
    ///
    /// @param setting names the text in messages
    /// @throws Missing when a variable is not set, or a file cannot be read
    public String resolve(String setting, String text) {
        return resolve(setting, text, UnaryOperator.identity());
    }

    /// The same, each secret written as `escape` says.
    ///
    /// @throws Missing when a variable is not set, or a file cannot be read
    public String resolve(String setting, String text, UnaryOperator<String> escape) {
        return PLACE.matcher(text)
                .replaceAll(place ->
                        Matcher.quoteReplacement(
                                escape.apply(
                                        place.group(1).equals("env")
                                                ? variable(setting, place.group(2))
                                                : content(setting, place.group(2)))));
    }

    private String variable(String setting, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new Missing(
                    setting + " is to be taken from the variable " + name + ", which is not set",
                    "set it in the environment of this program");
        }
        return value;
    }

    private String content(String setting, String path) {
        Path file = folder.resolve(path);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw missing(setting, file, "is larger than 256 KiB");
            }
            String value = Files.readString(file, UTF_8).stripTrailing();
            if (value.isEmpty()) {
                throw missing(setting, file, "is empty");
            }
            return value;
        } catch (NoSuchFileException _) {
            throw missing(setting, file, "is not there");
        } catch (CharacterCodingException _) {
            throw missing(setting, file, "is not text in UTF-8");
        } catch (IOException e) {
            throw missing(setting, file, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Missing missing(String setting, Path file, String why) {
        return new Missing(
                setting + " is to be taken from the file " + file + ", which " + why,
                "put the secret there, readable by this user, or correct the path");
    }

    /// Without the environment.
    @Override
    public String toString() {
        return "Secrets[" + folder + "]";
    }
}
