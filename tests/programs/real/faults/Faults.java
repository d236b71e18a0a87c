// A program with java.net.http, which prints what it meets: `Faults SECONDS HOME PICTURE...`.

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

final class Faults {
    public static void main(String[] words) throws Exception {
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (int at = 2; at < words.length; at++) {
            var json = "{\"model\":\"emoji-detect-v1\",\"input\":{\"image_url\":\"" + words[at] + "\"},\"parameters\":{\"ratio\":\"1:1\"}}";
            var request = HttpRequest.newBuilder(URI.create(words[1] + "/api/v1/services/aigc/image2video/face-detect"))
                .header("Authorization", "Bearer " + System.getenv("DASHSCOPE_API_KEY"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMillis((long) (1000 * Double.parseDouble(words[0]))))
                .POST(BodyPublishers.ofString(json))
                .build();
            try {
                var answer = client.send(request, BodyHandlers.ofString());
                System.out.println(answer.statusCode() + " " + (answer.body().length() > 100));
            } catch (IOException error) {
                System.out.println(error.getClass().getSimpleName());
            }
        }
    }
}
