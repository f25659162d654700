use std::time::Duration;

use aws_sdk_rekognition::client::Waiters;
use aws_sdk_rekognition::types::OutputConfig;
use birds::RekognitionLocal;

#[tokio::test]
async fn a_model_is_trained_started_and_stopped() {
    let local = RekognitionLocal::start(&[]);
    let client = local.client();
    let project = client.create_project().project_name("birds").send().await.unwrap().project_arn.unwrap();
    let output = OutputConfig::builder().s3_bucket("results").s3_key_prefix("birds").build();
    let version = client
        .create_project_version()
        .project_arn(&project)
        .version_name("first")
        .output_config(output)
        .send()
        .await
        .unwrap()
        .project_version_arn
        .unwrap();
    let minute = Duration::from_secs(60);
    client.wait_until_project_version_training_completed().project_arn(&project).wait(minute).await.unwrap();
    client.start_project_version().project_version_arn(&version).min_inference_units(1).send().await.unwrap();
    client.wait_until_project_version_running().project_arn(&project).wait(minute).await.unwrap();
    let refused = client.delete_project_version().project_version_arn(&version).send().await.unwrap_err();
    assert!(refused.into_service_error().is_resource_in_use_exception());
    client.stop_project_version().project_version_arn(&version).send().await.unwrap();
}

#[tokio::test]
async fn pages_are_turned() {
    let local = RekognitionLocal::start(&[]);
    let client = local.client();
    for i in 0..5 {
        client.create_project().project_name(format!("birds-{i}")).send().await.unwrap();
    }
    let mut pages = client.describe_projects().max_results(2).into_paginator().send();
    let mut sizes = vec![];
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().project_descriptions().len());
    }
    assert_eq!(sizes, [2, 2, 1]);
}
