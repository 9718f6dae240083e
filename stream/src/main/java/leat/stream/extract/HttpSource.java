package leat.stream.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.event.Hash128;
import leat.stream.send.Rows;

/// Pages of an HTTP interface. The position is the page that is read and how many of its rows were
/// taken, with a hash of those: the last page is asked again, and what has been added to it is new.
/// A page that has changed otherwise is taken as a whole; rows of it that were taken have the same
/// ids.
final class HttpSource implements Source {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern NEXT =
            Pattern.compile("<([^>]*)>[^,]*;\\s*rel=\"?next\"?(?:[;,\\s]|$)");

    private final HttpPull settings;
    private final String name;
    private final Path folder;
    private final URI first;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    /// A page's answer.
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Answered(byte[] body, List<String> links) {}

    /// @param folder of the workspace, where paths of secrets begin
    HttpSource(HttpPull settings, String name, Path folder) {
        this.settings = settings;
        this.name = name;
        this.folder = folder;
        this.first = firstPage(settings);
    }

    private static URI firstPage(HttpPull settings) {
        URI url = URI.create(settings.url());
        Optional<HttpPull.Pages> pages = settings.pages();
        if (pages.isEmpty()) {
            return url;
        }
        Optional<String> rows = pages.get().rowsParameter();
        URI sized =
                rows.isEmpty() ? url : with(url, rows.get(), Integer.toString(pages.get().rows()));
        return with(sized, pages.get().parameter(), Integer.toString(pages.get().first()));
    }

    @Override
    public Page read(Map<String, String> position) throws SourceFailed {
        // Another address in the settings is another beginning.
        boolean begun = first.toString().equals(position.get("first"));
        URI page = begun ? URI.create(position.getOrDefault("page", "")) : first;
        int taken = begun ? Integer.parseInt(position.getOrDefault("taken", "0")) : 0;
        Answered answered = ask(page);
        JsonPage json = new JsonPage(answered.body());
        List<byte[]> all = json.rows(settings.rows().orElse(""));
        boolean grown =
                all.size() >= taken
                        && hash(all.subList(0, taken)).equals(position.getOrDefault("seen", ""));
        List<byte[]> fresh = all.subList(begun && grown ? taken : 0, all.size());
        Optional<URI> next = next(page, json, answered, all.size());
        if (next.isPresent() && next.get().equals(page)) {
            throw new SourceFailed("the page " + page + " names itself as the next one");
        }
        Map<String, String> behind = new TreeMap<>();
        behind.put("first", first.toString());
        behind.put("page", next.orElse(page).toString());
        behind.put("taken", Integer.toString(next.isPresent() ? 0 : all.size()));
        behind.put("seen", next.isPresent() ? "" : hash(all));
        return new Page(fresh.isEmpty() ? null : named(fresh), behind, next.isPresent());
    }

    private Rows named(List<byte[]> rows) throws SourceFailed {
        List<String> ids = new ArrayList<>(rows.size());
        for (byte[] row : rows) {
            ids.add(id(row));
        }
        return new Rows.Named(rows, ids, name);
    }

    private String id(byte[] row) throws SourceFailed {
        Optional<String> pointer = settings.id();
        if (pointer.isEmpty()) {
            return Hash128.of(new String(row, ISO_8859_1)).toString();
        }
        String id =
                JsonPage.text(row, pointer.get())
                        .orElseThrow(() ->
                                new SourceFailed(
                                        "a row has nothing at "
                                                + pointer.get()
                                                + " that tells it apart; correct http.id"));
        return id.length() <= 200 ? id : Hash128.of(id).toString();
    }

    private static String hash(List<byte[]> rows) {
        return rows.isEmpty()
                ? ""
                : Hash128.of(
                                rows.stream()
                                        .map(row -> new String(row, ISO_8859_1))
                                        .toArray(String[]::new))
                        .toString();
    }

    private Optional<URI> next(URI page, JsonPage json, Answered answered, int rows)
            throws SourceFailed {
        if (settings.pages().isPresent()) {
            HttpPull.Pages pages = settings.pages().get();
            return rows < pages.rows()
                    ? Optional.empty()
                    : Optional.of(with(page, pages.parameter(), "" + (number(page, pages) + 1)));
        }
        if (settings.cursor().isPresent()) {
            HttpPull.Cursor cursor = settings.cursor().get();
            Optional<URI> next =
                    json.text(cursor.pointer()).map(text -> with(page, cursor.parameter(), text));
            // Some interfaces end with the cursor that they were asked with.
            return next.filter(other -> !other.equals(page));
        }
        Optional<String> link =
                settings.linkHeader()
                        ? linked(answered.links())
                        : settings.nextLink().flatMap(json::text);
        if (link.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(sameOrigin(page.resolve(link.get())));
    }

    private static long number(URI page, HttpPull.Pages pages) {
        Matcher number =
                Pattern.compile("(?:^|&)" + Pattern.quote(encoded(pages.parameter())) + "=(\\d+)")
                        .matcher(Objects.requireNonNullElse(page.getRawQuery(), ""));
        return number.find() ? Long.parseLong(number.group(1)) : pages.first();
    }

    private static Optional<String> linked(List<String> headers) {
        Matcher next = NEXT.matcher(String.join(", ", headers));
        return next.find() ? Optional.of(next.group(1)) : Optional.empty();
    }

    /// Secrets go to the origin that they are for, and to no other that a page may name.
    private URI sameOrigin(URI next) throws SourceFailed {
        boolean same =
                Objects.equals(next.getScheme(), first.getScheme())
                        && Objects.equals(next.getHost(), first.getHost())
                        && next.getPort() == first.getPort();
        if (!same) {
            throw new SourceFailed(
                    "the next page "
                            + next
                            + " is on another server than "
                            + first
                            + "; pull from that one, in a file of its own");
        }
        return next;
    }

    /// The same address with a parameter of the query set.
    private static URI with(URI url, String parameter, String value) {
        String name = encoded(parameter);
        List<String> kept = new ArrayList<>();
        for (String part : Objects.requireNonNullElse(url.getRawQuery(), "").split("&", -1)) {
            if (!part.isEmpty() && !part.startsWith(name + "=")) {
                kept.add(part);
            }
        }
        kept.add(name + "=" + encoded(value));
        String text = url.toString();
        int end = text.indexOf('?') >= 0 ? text.indexOf('?') : text.length();
        return URI.create(text.substring(0, end) + "?" + String.join("&", kept));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private Answered ask(URI page) throws SourceFailed {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(page).timeout(settings.timeout()).GET();
        request.header("Accept", "application/json");
        settings.headers().forEach(request::setHeader);
        for (Map.Entry<String, String> secret : settings.secretHeaders().entrySet()) {
            request.setHeader(
                    secret.getKey(),
                    new Secret("http.secret-headers: " + secret.getKey(), secret.getValue())
                            .value(folder));
        }
        try {
            HttpResponse<InputStream> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new SourceFailed(page + " answers " + response.statusCode());
                }
                int most = (int) settings.pageSize().bytes();
                byte[] bytes = body.readNBytes(most + 1);
                if (bytes.length > most) {
                    throw new SourceFailed(
                            page
                                    + " is larger than "
                                    + settings.pageSize()
                                    + "; ask for smaller pages, or raise http.page-size");
                }
                return new Answered(bytes, response.headers().allValues("link"));
            }
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new SourceFailed(page + " does not answer (" + why + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceFailed("reading " + page + " was interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
