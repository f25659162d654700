package birds

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"
)

func TestAModelIsTrainedStartedAndStopped(t *testing.T) {
	ctx, client := context.Background(), Client(t, RekognitionLocal(t))
	project, err := client.CreateProject(ctx, &rekognition.CreateProjectInput{ProjectName: aws.String("birds")})
	if err != nil {
		t.Fatal(err)
	}
	version, err := client.CreateProjectVersion(ctx, &rekognition.CreateProjectVersionInput{
		ProjectArn: project.ProjectArn, VersionName: aws.String("first"),
		OutputConfig: &types.OutputConfig{S3Bucket: aws.String("results"), S3KeyPrefix: aws.String("birds")}})
	if err != nil {
		t.Fatal(err)
	}
	describe := &rekognition.DescribeProjectVersionsInput{ProjectArn: project.ProjectArn}
	if err := rekognition.NewProjectVersionTrainingCompletedWaiter(client).Wait(ctx, describe, time.Minute); err != nil {
		t.Fatal(err)
	}
	_, err = client.StartProjectVersion(ctx, &rekognition.StartProjectVersionInput{
		ProjectVersionArn: version.ProjectVersionArn, MinInferenceUnits: aws.Int32(1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := rekognition.NewProjectVersionRunningWaiter(client).Wait(ctx, describe, time.Minute); err != nil {
		t.Fatal(err)
	}
	_, err = client.DeleteProjectVersion(ctx, &rekognition.DeleteProjectVersionInput{ProjectVersionArn: version.ProjectVersionArn})
	var inUse *types.ResourceInUseException
	if !errors.As(err, &inUse) {
		t.Fatalf("a model that is running was deleted: %v", err)
	}
	if _, err := client.StopProjectVersion(ctx, &rekognition.StopProjectVersionInput{ProjectVersionArn: version.ProjectVersionArn}); err != nil {
		t.Fatal(err)
	}
}

func TestPagesAreTurned(t *testing.T) {
	ctx, client := context.Background(), Client(t, RekognitionLocal(t))
	for i := range 5 {
		name := aws.String(fmt.Sprintf("birds-%d", i))
		if _, err := client.CreateProject(ctx, &rekognition.CreateProjectInput{ProjectName: name}); err != nil {
			t.Fatal(err)
		}
	}
	pages, projects := 0, 0
	all := rekognition.NewDescribeProjectsPaginator(client, &rekognition.DescribeProjectsInput{MaxResults: aws.Int32(2)})
	for all.HasMorePages() {
		page, err := all.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		pages, projects = pages+1, projects+len(page.ProjectDescriptions)
	}
	if pages != 3 || projects != 5 {
		t.Fatalf("%d pages with %d projects", pages, projects)
	}
}
