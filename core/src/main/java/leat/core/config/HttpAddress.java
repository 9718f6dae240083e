package leat.core.config;

import java.net.URI;

/// The address of an engine that is spoken to over HTTP.
public final class HttpAddress {

    private HttpAddress() {}

    /// Checks an address.
    ///
    /// @param setting names it in messages
    /// @throws IllegalArgumentException when it is none
    public static void require(String setting, String text) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + " '" + text + "' is not a URL", e);
        }
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web || url.getHost() == null) {
            throw new IllegalArgumentException(
                    setting + " must be http://HOST:PORT or https://HOST:PORT");
        }
    }
}
