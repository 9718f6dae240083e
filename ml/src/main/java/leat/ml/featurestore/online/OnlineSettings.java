package leat.ml.featurestore.online;

import java.net.URI;
import java.util.Optional;
import leat.core.config.Bounds;
import leat.core.config.DataSize;
import leat.core.config.Secrets;
import leat.core.config.Setting;

/// Where the newest vectors are kept for reading.
public record OnlineSettings(
        @Setting(
                        description =
                                "Memory for vectors that are read often, all views together, 1MiB to"
                                        + " 64GiB; all of them are on disk, below `.leat`. Not of"
                                        + " `redis`",
                        defaultValue = "64MiB")
                DataSize cache,
        @Setting(
                        description =
                                "Keep them in Redis or Valkey instead, for all processes:"
                                        + " `redis://host:port/database`, `rediss://…` for TLS;"
                                        + " without a password")
                Optional<String> redis,
        @Setting(description = "User at `redis`; needs `password`") Optional<String> user,
        @Setting(description = "Place of the password at `redis`, `${env:NAME}` or `${file:PATH}`")
                Optional<String> password) {

    public static final OnlineSettings DEFAULT =
            new OnlineSettings(
                    DataSize.mebibytes(64), Optional.empty(), Optional.empty(), Optional.empty());

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public OnlineSettings {
        Bounds.within("cache", cache, 1L << 20, 64L << 30);
        redis.ifPresent(OnlineSettings::requireAddress);
        password.ifPresent(place -> Secrets.requirePlace("password", place));
        if (user.isPresent() && password.isEmpty()) {
            throw new IllegalArgumentException("user needs password beside it");
        }
        if (password.isPresent() && redis.isEmpty()) {
            throw new IllegalArgumentException("password is for redis, which is not set");
        }
    }

    /// The password, taken from its place now.
    ///
    /// @throws Secrets.Missing when it is not there
    public Optional<String> password(Secrets secrets) {
        return password.map(place -> secrets.resolve("features.online.password", place));
    }

    private static void requireAddress(String text) {
        if (Secrets.hasSecretPart(text)) {
            throw new IllegalArgumentException(
                    "redis must not hold a password: name its place under password");
        }
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("redis '" + text + "' is not a URL", e);
        }
        String path = address.getPath();
        boolean known = "redis".equals(address.getScheme()) || "rediss".equals(address.getScheme());
        boolean databaseOrNone = path != null && path.matches("/?|/\\d{1,5}");
        if (!known
                || address.getHost() == null
                || address.getUserInfo() != null
                || !databaseOrNone) {
            throw new IllegalArgumentException(
                    "redis must be redis://HOST:PORT/DATABASE, or rediss:// for TLS, with a number"
                            + " as the database");
        }
    }
}
