import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A client of emoji-detect-v1. It repeats what can succeed later: 429, 5xx, lost connections, timeouts. */
final class FaceDetect {
    private static final String VENDOR = "https://dashscope.aliyuncs.com/api/v1";
    private static final String PATH = "/services/aigc/image2video/face-detect";
    private static final Gson GSON = new Gson();

    /** What the service says of a picture; both are billed. */
    sealed interface Detection permits Suitable, Unsuitable {}

    /** The face (left, top, right, bottom), and the wider box around it that a video shows. */
    record Suitable(List<Integer> face, List<Integer> ext) implements Detection {}

    /** Why a picture is not suitable. */
    record Unsuitable(String code, String message) implements Detection {}

    /** The service refused the request; nothing is billed. */
    static final class ServiceException extends IOException {
        private static final long serialVersionUID = 1;
        final int status;
        final String code;
        final Duration retryAfter;

        ServiceException(int status, String code, String message, Duration retryAfter) {
            super("HTTP " + status + " " + code + ": " + message);
            this.status = status;
            this.code = code;
            this.retryAfter = retryAfter;
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final String apiKey;
    private final Duration timeout;
    private final Duration wait;
    private final int attempts = 4;

    FaceDetect(String baseUrl, String apiKey, Duration timeout, Duration wait) {
        this.uri = URI.create(baseUrl + PATH);
        this.apiKey = apiKey;
        this.timeout = timeout;
        this.wait = wait;
    }

    /** Return a client with the settings of the environment. */
    static FaceDetect fromEnvironment() {
        var apiKey = System.getenv("DASHSCOPE_API_KEY");
        return new FaceDetect(baseUrl(), apiKey, Duration.ofSeconds(20), Duration.ofSeconds(1));
    }

    static String baseUrl() {
        return System.getenv().getOrDefault("DASHSCOPE_HTTP_BASE_URL", VENDOR);
    }

    /** Detect the face in a picture. */
    Detection detect(String imageUrl) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return detectOnce(imageUrl);
            } catch (IOException error) {
                if (attempt == attempts || !isTransient(error)) {
                    throw error;
                }
                var backoff = (wait.toMillis() << (attempt - 1)) * (1 + ThreadLocalRandom.current().nextDouble());
                Thread.sleep(Math.max((long) backoff, retryAfter(error).toMillis()));
            }
        }
    }

    private Detection detectOnce(String imageUrl) throws IOException, InterruptedException {
        var body = Map.of(
                "model", "emoji-detect-v1",
                "input", Map.of("image_url", imageUrl),
                "parameters", Map.of("ratio", "1:1"));
        var request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", "application/json")
                .timeout(timeout)
                .POST(BodyPublishers.ofString(GSON.toJson(body)))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        var answer = parse(response);
        if (response.statusCode() != 200) {
            throw new ServiceException(response.statusCode(), answer.code, answer.message, retryAfter(response));
        }
        var output = answer.output;
        // A picture that is not suitable is HTTP 200, too.
        return output.code == null ? new Suitable(output.face, output.ext) : new Unsuitable(output.code, output.message);
    }

    private static Answer parse(HttpResponse<String> response) throws IOException {
        try {
            return GSON.fromJson(response.body(), Answer.class);
        } catch (JsonSyntaxException error) {
            if (response.statusCode() == 200) {
                throw new IOException("the answer is not JSON", error);
            }
            return new Answer(); // the error page of a gateway
        }
    }

    private static boolean isTransient(IOException error) {
        return !(error instanceof ServiceException refused) || refused.status == 429 || refused.status >= 500;
    }

    private static Duration retryAfter(IOException error) {
        return error instanceof ServiceException refused ? refused.retryAfter : Duration.ZERO;
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        Optional<String> seconds = response.headers().firstValue("Retry-After").filter(text -> text.matches("\\d+"));
        return Duration.ofSeconds(seconds.map(Long::valueOf).orElse(0L));
    }

    private static final class Answer {
        String code;
        String message;
        Output output;
    }

    private static final class Output {
        @SerializedName("bbox_face")
        List<Integer> face;

        @SerializedName("ext_bbox_face")
        List<Integer> ext;

        String code;
        String message;
    }
}
