// A program with OkHttp.

import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

final class OkHttp {
    public static void main(String[] words) throws Exception {
        var client = new OkHttpClient();
        Calls.run(words, (method, url, headers, json, form, file) -> {
            RequestBody body = null;
            if (json != null) {
                body = RequestBody.create(MediaType.get("application/json"), json.getBytes("UTF-8"));
            } else if (form != null) {
                var parts = new MultipartBody.Builder().setType(MultipartBody.FORM);
                form.forEach(parts::addFormDataPart);
                var picture = RequestBody.create(MediaType.get("image/png"), file.toFile());
                body = parts.addFormDataPart("file", file.getFileName().toString(), picture).build();
            }
            var request = new Request.Builder().url(url).headers(Headers.of(headers)).method(method, body).build();
            try (var answer = client.newCall(request).execute()) {
                return new Calls.Answer(answer.code(), answer.body().bytes());
            }
        });
    }
}
