import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from './story.mjs'

const Input = { KinesisVideoStream: { Arn: 'arn:aws:kinesisvideo:us-east-1:123456789012:stream/camera/1' } }
const RoleArn = 'arn:aws:iam::123456789012:role/rekognition'

test('a stream processor is made, started, shown a frame, stopped and deleted', async t => {
  const { call, control, refuses } = await story(t)
  await call('CreateCollection', { CollectionId: 'staff' })
  const { FaceRecords } = await call('IndexFaces', {
    CollectionId: 'staff', Image: { S3Object: { Bucket: 'faces', Name: 'ann.png' } } })
  const { StreamProcessorArn } = await call('CreateStreamProcessor', {
    Name: 'door', Input, RoleArn, Tags: { team: 'js' }, Settings: { FaceSearch: { CollectionId: 'staff' } },
    Output: { KinesisDataStream: { Arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/faces' } } })
  assert.equal((await call('DescribeStreamProcessor', { Name: 'door' })).StreamProcessorArn, StreamProcessorArn)
  await call('StartStreamProcessor', { Name: 'door' })
  await refuses('ResourceInUseException', 'DeleteStreamProcessor', { Name: 'door' })
  await control('POST', '/frames', { processor: StreamProcessorArn, image: { s3: 'faces/ann.png' } })
  const { deliveries } = await control('GET', '/deliveries?kind=KINESIS')
  const [{ MatchedFaces }] = JSON.parse(deliveries[0].body).FaceSearchResponse
  assert.deepEqual(MatchedFaces.map(match => [match.Face.FaceId, match.Similarity]), [[FaceRecords[0].Face.FaceId, 100]])
  assert.deepEqual((await call('ListStreamProcessors', {})).StreamProcessors, [{ Name: 'door', Status: 'RUNNING' }])
  await call('StopStreamProcessor', { Name: 'door' })
  await call('DeleteStreamProcessor', { Name: 'door' })
  await refuses('ResourceNotFoundException', 'DescribeStreamProcessor', { Name: 'door' })
})

test('images are analyzed in bulk', async t => {
  const { call, refuses } = await story(t, '--set', 'describe.hold=30s')
  const job = {
    OperationsConfig: { DetectModerationLabels: { MinConfidence: 60 } }, JobName: 'js',
    Input: { S3Object: { Bucket: 'images', Name: 'manifest' } }, OutputConfig: { S3Bucket: 'results', S3KeyPrefix: 'bulk' } }
  const { JobId } = await call('StartMediaAnalysisJob', job)
  assert.notEqual((await call('StartMediaAnalysisJob', job)).JobId, JobId)
  const told = await call('GetMediaAnalysisJob', { JobId })
  assert.equal(told.Status, 'SUCCEEDED')
  assert.equal(told.ManifestSummary.S3Object.Name, `bulk/${JobId}-manifest-summary.json`)
  assert.ok(told.CompletionTimestamp instanceof Date)
  assert.equal((await call('ListMediaAnalysisJobs', { MaxResults: 10 })).MediaAnalysisJobs.length, 2)
  await refuses('ResourceNotFoundException', 'GetMediaAnalysisJob', { JobId: '0'.repeat(64) })
  await refuses('InvalidParameterException', 'StartMediaAnalysisJob', { ...job, OperationsConfig: {} })
})
