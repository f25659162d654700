package birds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rekognition.RekognitionClient;
import software.amazon.awssdk.services.rekognition.model.ResourceInUseException;

class BirdsTest {
  private static RekognitionLocal local;

  @BeforeAll
  static void start() throws Exception {
    local = new RekognitionLocal();
  }

  @AfterAll
  static void stop() throws Exception {
    local.close();
  }

  @Test
  void aModelIsTrainedStartedAndStopped() {
    try (RekognitionClient client = local.client()) {
      String project = client.createProject(r -> r.projectName("birds")).projectArn();
      String version =
          client
              .createProjectVersion(
                  r ->
                      r.projectArn(project)
                          .versionName("first")
                          .outputConfig(o -> o.s3Bucket("results").s3KeyPrefix("birds")))
              .projectVersionArn();
      client.waiter().waitUntilProjectVersionTrainingCompleted(r -> r.projectArn(project));
      client.startProjectVersion(r -> r.projectVersionArn(version).minInferenceUnits(1));
      client.waiter().waitUntilProjectVersionRunning(r -> r.projectArn(project));
      assertThrows(
          ResourceInUseException.class, () -> client.deleteProjectVersion(r -> r.projectVersionArn(version)));
      client.stopProjectVersion(r -> r.projectVersionArn(version));
    }
  }

  @Test
  void pagesAreTurned() {
    try (RekognitionClient client = local.client()) {
      for (int i = 0; i < 5; i++) {
        String name = "birds-" + i;
        client.createProject(r -> r.projectName(name));
      }
      assertEquals(3, client.describeProjectsPaginator(r -> r.maxResults(2)).stream().count());
      assertEquals(
          5, client.describeProjectsPaginator(r -> r.maxResults(2)).projectDescriptions().stream().count());
    }
  }
}
