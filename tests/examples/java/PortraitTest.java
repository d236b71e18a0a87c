import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PortraitTest {
    @RegisterExtension
    final EmojiMock account = new EmojiMock();

    final FaceDetect client =
            new FaceDetect(FaceDetect.baseUrl(), account.apiKey(), Duration.ofSeconds(1), Duration.ofMillis(50));

    @Test
    void aFaceHasTwoBoxes() throws Exception {
        assertEquals(
                new FaceDetect.Suitable(List.of(224, 157, 460, 392), List.of(82, 1, 602, 520)),
                client.detect("https://emoji-mock.test/passed/640x800.png"));
    }

    @Test
    void anUnsuitablePictureIsBilled() throws Exception {
        account.rule(Map.of("outcome", "failed", "code", "FacePose"));
        var reason = assertInstanceOf(FaceDetect.Unsuitable.class, client.detect("https://example.com/me.png"));
        assertEquals("InvalidFile.FacePose", reason.code());
        assertEquals(1, account.imagesBilled());
    }

    @Test
    void theFirstSuitablePictureIsPicked() throws Exception {
        account.rule(Map.of("outcome", "failed", "code", "NoHuman", "image_url", "*/cat.png"));
        var pictures = List.of("https://example.com/cat.png", "https://example.com/me.png");
        assertEquals(Optional.of("https://example.com/me.png"), Portrait.pick(client, pictures));
    }

    static Stream<Map<String, ?>> failures() {
        return Stream.of(
                Map.of("outcome", "error", "code", "RateQuota", "times", 2),
                Map.of("outcome", "error", "code", "InternalError", "times", 2),
                Map.of("fault", "bad_gateway", "times", 1),
                Map.of("fault", "reset", "times", 1),
                Map.of("fault", "stall", "times", 1));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aCallThatCanSucceedLaterIsRepeated(Map<String, ?> rule) throws Exception {
        account.rule(rule);
        assertInstanceOf(FaceDetect.Suitable.class, client.detect("https://example.com/me.png"));
        assertEquals(1, account.imagesBilled());
    }

    @Test
    void anOverloadedServiceIsLeftAloneAfterFourAttempts() throws Exception {
        account.rule(Map.of("outcome", "error", "code", "RateQuota"));
        var refused = assertThrows(
                FaceDetect.ServiceException.class, () -> client.detect("https://example.com/me.png"));
        assertEquals("Throttling.RateQuota", refused.code);
    }

    @Test
    void aRefusalThatStaysTheSameIsNotRepeated() throws Exception {
        account.rule(Map.of("outcome", "error", "code", "DataInspectionFailed"));
        var refused = assertThrows(
                FaceDetect.ServiceException.class, () -> client.detect("https://example.com/me.png"));
        assertEquals(400, refused.status);
    }
}
