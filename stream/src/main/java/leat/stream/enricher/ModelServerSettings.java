package leat.stream.enricher;

import java.net.URI;
import java.net.URISyntaxException;
import leat.core.config.Setting;

/// A server that computes a model for `model` steps of contracts.
public record ModelServerSettings(
        @Setting(
                        description =
                                "Where it speaks the Open Inference Protocol, version 2:"
                                        + " http(s)://HOST:PORT, without /v2")
                String url) {

    /// Checks the address.
    ///
    /// @throws IllegalArgumentException when it is none
    public ModelServerSettings {
        if (!usable(url)) {
            throw new IllegalArgumentException("url must be http(s)://HOST:PORT");
        }
    }

    private static boolean usable(String text) {
        try {
            URI url = new URI(text);
            return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getQuery() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
