import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Prints the first picture that has a suitable face. JSON is read by Gson, which is in Debian's package
 * libgoogle-gson-java; the console launcher of JUnit is in junit5.
 *
 * <pre>
 * jars=/usr/share/java/gson.jar:/usr/share/java/junit-platform-console-standalone.jar
 * javac -d classes -cp $jars *.java
 * java -cp classes:$jars Portrait https://example.com/a.png https://example.com/b.png
 * </pre>
 *
 * The tests talk to emoji-mock, a fake of the service. Run them in one of two ways:
 *
 * <pre>
 * emoji-mock run -- java -jar /usr/share/java/junit-platform-console-standalone.jar -cp classes:$jars --scan-classpath
 *
 * emoji-mock serve &amp;
 * export DASHSCOPE_HTTP_BASE_URL=http://127.0.0.1:8000/api/v1
 * java -jar /usr/share/java/junit-platform-console-standalone.jar -cp classes:$jars --scan-classpath
 * </pre>
 */
final class Portrait {
    private Portrait() {}

    /** Return the first of the pictures whose face is suitable. */
    static Optional<String> pick(FaceDetect client, List<String> imageUrls) throws IOException, InterruptedException {
        for (var imageUrl : imageUrls) {
            if (client.detect(imageUrl) instanceof FaceDetect.Unsuitable reason) {
                System.err.println(imageUrl + ": " + reason.message());
            } else {
                return Optional.of(imageUrl);
            }
        }
        return Optional.empty();
    }

    public static void main(String[] imageUrls) throws Exception {
        var portrait = pick(FaceDetect.fromEnvironment(), List.of(imageUrls));
        System.out.println(portrait.orElse("no suitable picture"));
        System.exit(portrait.isPresent() ? 0 : 1);
    }
}
