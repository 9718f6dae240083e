package leat.console.mlflow;

import io.helidon.http.Method;
import java.util.ArrayList;
import java.util.List;

/// The calls that are served.
record Calls(List<Route> routes) {

    /// One of them. What is asked with GET takes its fields from the query, others from the body;
    /// names in braces in the path are fields too.
    ///
    /// @param path behind the base
    record Route(Method method, String path, Call call) {}

    Calls() {
        this(new ArrayList<>());
    }

    void post(String path, Call call) {
        routes.add(new Route(Method.POST, path, call));
    }

    void get(String path, Call call) {
        routes.add(new Route(Method.GET, path, call));
    }

    void patch(String path, Call call) {
        routes.add(new Route(Method.PATCH, path, call));
    }

    void delete(String path, Call call) {
        routes.add(new Route(Method.DELETE, path, call));
    }
}
