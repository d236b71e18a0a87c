// A program with java.net.http.

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

final class JavaNetHttp {
    public static void main(String[] words) throws Exception {
        var client = HttpClient.newHttpClient();
        Calls.run(words, (method, url, headers, json, form, file) -> {
            var request = HttpRequest.newBuilder(URI.create(url));
            headers.forEach(request::header);
            var body = BodyPublishers.noBody();
            if (json != null) {
                request.header("Content-Type", "application/json");
                body = BodyPublishers.ofString(json);
            } else if (form != null) {
                request.header("Content-Type", "multipart/form-data; boundary=" + Calls.MARK);
                body = BodyPublishers.ofByteArray(Calls.encode(form, file));
            }
            var answer = client.send(request.method(method, body).build(), BodyHandlers.ofByteArray());
            return new Calls.Answer(answer.statusCode(), answer.body());
        });
    }
}
