// A program with HttpURLConnection.

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

final class UrlConnection {
    public static void main(String[] words) throws Exception {
        Calls.run(words, (method, url, headers, json, form, file) -> {
            var connection = (HttpURLConnection) new URL(url).openConnection();
            connection.setRequestMethod(method);
            headers.forEach(connection::setRequestProperty);
            if (json != null || form != null) {
                var kind = json != null ? "application/json" : "multipart/form-data; boundary=" + Calls.MARK;
                connection.setRequestProperty("Content-Type", kind);
                connection.setDoOutput(true);
                connection.getOutputStream().write(json != null ? json.getBytes("UTF-8") : Calls.encode(form, file));
            }
            var status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Calls.Answer(status, body == null ? new byte[0] : body.readAllBytes());
            }
        });
    }
}
