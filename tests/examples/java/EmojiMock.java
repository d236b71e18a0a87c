import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An account of the fake for each test: rules, calls and bill of one key. A test fails if the client did something wrong.
 * It uses the control API, whose address `emoji-mock run` sets as EMOJI_MOCK_URL; `emoji-mock serve` listens on port 8000.
 */
final class EmojiMock implements AfterEachCallback {
    private static final String HOME = System.getenv().getOrDefault("EMOJI_MOCK_URL", "http://127.0.0.1:8000");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name = UUID.randomUUID().toString();

    String apiKey() {
        return "sk-mock-" + name;
    }

    /** Set the answers to the next calls. */
    void rule(Map<String, ?> rule) throws IOException, InterruptedException {
        ask("rules", HttpRequest.newBuilder().POST(BodyPublishers.ofString(new Gson().toJson(rule))));
    }

    /** Return what the account would have paid for. */
    int imagesBilled() throws IOException, InterruptedException {
        return ask("ledger", HttpRequest.newBuilder()).getAsJsonObject("total").get("images_billed").getAsInt();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        assertEquals("[]", ask("verdict", HttpRequest.newBuilder()).getAsJsonArray("findings").toString());
    }

    private JsonObject ask(String route, HttpRequest.Builder request) throws IOException, InterruptedException {
        var uri = URI.create(HOME + "/_mock/" + route + "?namespace=" + name);
        var response = HTTP.send(
                request.uri(uri).header("Content-Type", "application/json").build(), BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            throw new IOException(route + ": " + response.body());
        }
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }
}
