// Print for each host whether its certificate is accepted: PROXY_PORT HOST... The trust store is Java's own setting.
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

class Verify {
    static String attempt(int proxy, String host) throws Exception {
        try (Socket raw = new Socket("127.0.0.1", proxy)) {
            String name = host.contains(":") ? "[" + host + "]" : host;
            raw.getOutputStream().write(("CONNECT " + name + ":443 HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] answer = raw.getInputStream().readNBytes("HTTP/1.1 200 Connection established\r\n\r\n".length());
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            SSLSocket secure = (SSLSocket) factory.createSocket(raw, host, 443, true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return "accepted";
        } catch (java.io.IOException error) {
            return error.toString();
        }
    }

    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(arguments[i] + "\t" + attempt(Integer.parseInt(arguments[0]), arguments[i]));
        }
    }
}
