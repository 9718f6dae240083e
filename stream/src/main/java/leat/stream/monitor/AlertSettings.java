package leat.stream.monitor;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import leat.core.config.Secrets;
import leat.core.config.Setting;

/// Who is told of alerts, beside the log.
public record AlertSettings(
        @Setting(
                        description =
                                "An http or https address that every change of an alert is posted"
                                        + " to as JSON, at least once; `Idempotency-Key` is the"
                                        + " same when a change is posted again. Where it is"
                                        + " secret, its place: `${env:NAME}`, `${file:PATH}`")
                Optional<String> webhook,
        @Setting(description = "How long one post may take, 100ms to 5m", defaultValue = "10s")
                Duration webhookTimeout) {

    public static final AlertSettings DEFAULT =
            new AlertSettings(Optional.empty(), Duration.ofSeconds(10));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public AlertSettings {
        if (webhookTimeout.toMillis() < 100
                || webhookTimeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("webhook-timeout must be from 100ms to 5m");
        }
        webhook.ifPresent(text -> Secrets.checkPlaces("webhook", text));
        if (webhook.isPresent() && !webhook.get().contains("${") && !isAddress(webhook.get())) {
            throw new IllegalArgumentException(
                    "webhook must be an http or https address, e.g. https://example.org/alerts");
        }
    }

    /// The same with the secrets of the address.
    ///
    /// @throws Secrets.Missing when one is not in its place, or the whole is no address
    public AlertSettings resolved(Secrets secrets) {
        return new AlertSettings(
                webhook.map(text -> {
                    String address = secrets.resolve("alerts.webhook", text);
                    if (!isAddress(address)) {
                        throw new Secrets.Missing(
                                "alerts.webhook is no http or https address once its secrets are"
                                        + " in their places",
                                "correct what stands in the place");
                    }
                    return address;
                }),
                webhookTimeout);
    }

    /// Without the address, which may be secret.
    @Override
    public String toString() {
        return "AlertSettings[" + (webhook.isPresent() ? "a webhook" : "no webhook") + "]";
    }

    private static boolean isAddress(String text) {
        try {
            URI address = URI.create(text);
            String scheme = String.valueOf(address.getScheme());
            return address.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
