package birds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rekognition.RekognitionClient;

/** Copy this file into your tests: a rekognition-local on a free port, with a world of its own in memory. */
public final class RekognitionLocal implements AutoCloseable {
  private final Process process;
  private final URI url;
  private final AtomicLong accounts = new AtomicLong();

  public RekognitionLocal(String... options) throws IOException {
    String program = System.getenv().getOrDefault("REKOGNITION_LOCAL", "rekognition-local");
    List<String> command =
        new ArrayList<>(List.of(program, "--port", "0", "--db", ":memory:", "--profile", "instant", "--log", "off"));
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String ready =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    if (ready == null) {
      throw new IOException(program + " did not start");
    }
    url = URI.create(ready.substring(ready.indexOf(" ready on ") + " ready on ".length()));
  }

  public URI url() {
    return url;
  }

  /** A client of an account that no other test has. */
  public RekognitionClient client() {
    AwsBasicCredentials account =
        AwsBasicCredentials.create(String.format("%012d", accounts.incrementAndGet()), "any");
    return RekognitionClient.builder()
        .endpointOverride(url)
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(account))
        .build();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("rekognition-local ended with " + process.exitValue());
    }
  }
}
