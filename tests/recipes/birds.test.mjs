import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  CreateProjectCommand, CreateProjectVersionCommand, RekognitionClient, StartProjectVersionCommand,
  waitUntilProjectVersionRunning, waitUntilProjectVersionTrainingCompleted,
} from '@aws-sdk/client-rekognition'
import { startRekognitionLocal } from './rekognition-local.mjs'

let local
before(async () => { local = await startRekognitionLocal() })
after(() => local.stop())

test('a model is trained and started', async () => {
  const client = new RekognitionClient(local.config())
  const manifest = { GroundTruthManifest: { S3Object: { Bucket: 'data', Name: 'train.manifest' } } }
  const { ProjectArn } = await client.send(new CreateProjectCommand({ ProjectName: 'birds' }))
  const { ProjectVersionArn } = await client.send(new CreateProjectVersionCommand({
    ProjectArn, VersionName: 'first', OutputConfig: { S3Bucket: 'results', S3KeyPrefix: 'birds' },
    TrainingData: { Assets: [manifest] }, TestingData: { AutoCreate: true },
  }))
  await waitUntilProjectVersionTrainingCompleted({ client, maxWaitTime: 600 }, { ProjectArn })
  await client.send(new StartProjectVersionCommand({ ProjectVersionArn, MinInferenceUnits: 1 }))
  const { state } = await waitUntilProjectVersionRunning({ client, maxWaitTime: 600 }, { ProjectArn })
  assert.equal(state, 'SUCCESS')
})
