// What each program in Java does, whatever its HTTP library: detections, an upload, a video. Each prints a line.

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

final class Calls {
    static final String MARK = "a-mark-between-the-parts";
    private static final String HOME = "https://dashscope.aliyuncs.com/api/v1";
    private static final String KEY = "Bearer " + System.getenv("DASHSCOPE_API_KEY");

    static final class Answer {
        final int status;
        final byte[] body;

        Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        String text(String field) {
            return find("\"" + field + "\":\"([^\"]*)\"");
        }

        String box(String field) {
            return find("\"" + field + "\":\\[([0-9,]*)\\]");
        }

        private String find(String pattern) {
            var found = Pattern.compile(pattern).matcher(new String(body, StandardCharsets.UTF_8));
            return found.find() ? found.group(1) : null;
        }
    }

    interface Sender {
        // Send a request; json and form are null where there is none, and file belongs to the form.
        Answer send(String method, String url, Map<String, String> headers, String json, Map<String, String> form, Path file)
            throws Exception;
    }

    private final Sender sender;

    private Calls(Sender sender) {
        this.sender = sender;
    }

    static void run(String[] words, Sender sender) throws Exception {
        var calls = new Calls(sender);
        for (int at = 0; at < words.length; at += 2) {
            switch (words[at]) {
                case "upload" -> System.out.println(calls.upload(Path.of(words[at + 1])));
                case "video" -> System.out.println(calls.video(words[at + 1]));
                default -> System.out.println(line(calls.detect(words[at + 1])));
            }
        }
    }

    private Answer detect(String picture) throws Exception {
        var headers = Map.of("Authorization", KEY, "X-DashScope-OssResourceResolve", "enable");
        var json = "{\"model\":\"emoji-detect-v1\",\"input\":{\"image_url\":\"" + picture + "\"},\"parameters\":{\"ratio\":\"1:1\"}}";
        return sender.send("POST", HOME + "/services/aigc/image2video/face-detect", headers, json, null, null);
    }

    private static String line(Answer answer) {
        var code = answer.text("code");
        if (answer.status != 200) return "error " + answer.status + " " + code;
        if (code != null) return "failed " + code;
        return "passed " + answer.box("bbox_face") + " " + answer.box("ext_bbox_face");
    }

    private String upload(Path path) throws Exception {
        var url = HOME + "/uploads?action=getPolicy&model=emoji-detect-v1";
        var granted = sender.send("GET", url, Map.of("Authorization", KEY), null, null, null);
        var form = new LinkedHashMap<String, String>();
        form.put("OSSAccessKeyId", granted.text("oss_access_key_id"));
        form.put("Signature", granted.text("signature"));
        form.put("policy", granted.text("policy"));
        form.put("key", granted.text("upload_dir") + "/" + path.getFileName());
        form.put("x-oss-object-acl", granted.text("x_oss_object_acl"));
        form.put("x-oss-forbid-overwrite", granted.text("x_oss_forbid_overwrite"));
        form.put("success_action_status", "200");
        var stored = sender.send("POST", granted.text("upload_host"), Map.of(), null, form, path);
        if (stored.status != 200) return "error " + stored.status + " of the upload";
        return line(detect("oss://" + form.get("key")));
    }

    private String video(String picture) throws Exception {
        var found = detect(picture);
        var boxes = "\"face_bbox\":[" + found.box("bbox_face") + "],\"ext_bbox\":[" + found.box("ext_bbox_face") + "]";
        var headers = Map.of("Authorization", KEY, "X-DashScope-Async", "enable");
        var json = "{\"model\":\"emoji-v1\",\"input\":{\"image_url\":\"" + picture + "\",\"driven_id\":\"mengwa_kaixin\"," + boxes + "}}";
        var task = sender.send("POST", HOME + "/services/aigc/image2video/video-synthesis", headers, json, null, null);
        var url = HOME + "/tasks/" + task.text("task_id");
        while (task.text("task_status").matches("PENDING|RUNNING")) {
            Thread.sleep(10);
            task = sender.send("GET", url, Map.of("Authorization", KEY), null, null, null);
        }
        var film = sender.send("GET", task.text("video_url"), Map.of(), null, null, null).body;
        return "video " + film.length + " " + new String(film, 4, 4, StandardCharsets.US_ASCII);
    }

    // Return a multipart form, for libraries that have none.
    static byte[] encode(Map<String, String> form, Path file) throws Exception {
        var out = new ByteArrayOutputStream();
        var part = "--" + MARK + "\r\nContent-Disposition: form-data; name=\"";
        for (var field : form.entrySet()) {
            out.writeBytes((part + field.getKey() + "\"\r\n\r\n" + field.getValue() + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes((part + "file\"; filename=\"" + file.getFileName() + "\"\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(Files.readAllBytes(file));
        out.writeBytes(("\r\n--" + MARK + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
